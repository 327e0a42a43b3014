/** Told to the editor whose key was a command of the page: it never saw that key. */
export const PAGE_COMMAND = 'rivulet:command'
