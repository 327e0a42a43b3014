/** What the database needs to be of use: it signs sessions, and opens what is encrypted in the database. */
export const KEY_FILES = ['secret', 'secret.key'] as const
