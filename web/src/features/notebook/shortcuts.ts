import { active, chosen, extend, insert, moveBy, paste, runAndGoOn, step, toggle, turnInto } from './commandActions.ts'
import type { Notebook } from './Notebook.ts'
import { PANEL_COMMANDS } from './panel/commands.ts'
import type { Tab } from './panel/tabs.ts'

export interface PageActions {
  openPalette: () => void
  openHelp: () => void
  /** What the kernel may reach, how much memory it takes. */
  openKernel: () => void
  /** Databases outside that SQL cells can ask. */
  openConnections: () => void
  openFind: () => void
  togglePanel: () => void
  showPanel: (tab: Tab) => void
  openHome: () => void
}

export interface CommandContext {
  notebook: Notebook
  page: PageActions
}

/** `command`: a cell itself has the focus. `anywhere`: also inside the editor. */
type When = 'command' | 'anywhere'

export interface Command {
  id: string
  title: string
  group: 'Run' | 'Cells' | 'Move' | 'View'
  /** `Mod` is ⌘ on a Mac, else Ctrl; two strokes are written with a space. */
  keys: readonly string[]
  when: When
  run: (context: CommandContext) => void
  /** Left out of the palette: it only makes sense as a key. */
  keyOnly?: true
}

/** Every key and every command, once: the keyboard, the `?` sheet and the palette all read this table. */
export const COMMANDS: readonly Command[] = [
  {
    id: 'run',
    title: 'Run cell',
    group: 'Run',
    keys: ['Mod+Enter'],
    when: 'anywhere',
    run: (context) => void context.notebook.run(chosen(context)),
  },
  { id: 'run-next', title: 'Run cell and go on', group: 'Run', keys: ['Shift+Enter'], when: 'anywhere', run: runAndGoOn },
  {
    id: 'run-insert',
    title: 'Run cell and insert below',
    group: 'Run',
    keys: ['Alt+Enter'],
    when: 'anywhere',
    run: (context) => {
      void context.notebook.run(chosen(context))
      insert('below')(context)
    },
  },
  {
    id: 'run-stale',
    title: 'Run stale cells',
    group: 'Run',
    keys: ['Mod+Shift+Enter'],
    when: 'anywhere',
    run: ({ notebook }) => void notebook.runStale(),
  },
  {
    id: 'run-all',
    title: 'Run all cells',
    group: 'Run',
    keys: [],
    when: 'anywhere',
    run: ({ notebook }) => void notebook.runAll(),
  },
  {
    id: 'interrupt',
    title: 'Stop what is running',
    group: 'Run',
    keys: ['I I', 'Ctrl+C'],
    when: 'command',
    run: ({ notebook }) => void notebook.interrupt(),
  },
  {
    id: 'restart',
    title: 'Restart the kernel',
    group: 'Run',
    keys: ['0 0'],
    when: 'command',
    run: ({ notebook }) => void notebook.restartKernel(),
  },
  {
    id: 'kernel',
    title: 'Kernel and network',
    group: 'Run',
    keys: [],
    when: 'anywhere',
    run: ({ page }) => page.openKernel(),
  },
  {
    id: 'connections',
    title: 'Database connections',
    group: 'Run',
    keys: [],
    when: 'anywhere',
    run: ({ page }) => page.openConnections(),
  },

  {
    id: 'edit',
    title: 'Edit cell',
    group: 'Move',
    keys: ['Enter'],
    when: 'command',
    run: (context) => {
      const cellId = active(context)
      if (cellId) context.notebook.selection.focus(cellId, 'editor')
    },
  },
  {
    id: 'leave',
    title: 'Leave the editor',
    group: 'Move',
    keys: ['Escape'],
    when: 'anywhere',
    keyOnly: true,
    run: ({ notebook: { selection } }) => {
      if (selection.current) selection.focus(selection.current)
    },
  },
  { id: 'next', title: 'Next cell', group: 'Move', keys: ['J', 'ArrowDown'], when: 'command', run: step(1), keyOnly: true },
  {
    id: 'previous',
    title: 'Previous cell',
    group: 'Move',
    keys: ['K', 'ArrowUp'],
    when: 'command',
    run: step(-1),
    keyOnly: true,
  },
  {
    id: 'extend-down',
    title: 'Select the next cell too',
    group: 'Move',
    keys: ['Shift+ArrowDown', 'Shift+J'],
    when: 'command',
    run: extend(1),
    keyOnly: true,
  },
  {
    id: 'extend-up',
    title: 'Select the previous cell too',
    group: 'Move',
    keys: ['Shift+ArrowUp', 'Shift+K'],
    when: 'command',
    run: extend(-1),
    keyOnly: true,
  },

  { id: 'insert-above', title: 'Insert cell above', group: 'Cells', keys: ['A'], when: 'command', run: insert('above') },
  { id: 'insert-below', title: 'Insert cell below', group: 'Cells', keys: ['B'], when: 'command', run: insert('below') },
  {
    id: 'delete',
    title: 'Delete cell',
    group: 'Cells',
    keys: ['D D'],
    when: 'command',
    run: (context) => void context.notebook.structure.remove(chosen(context)),
  },
  {
    id: 'undelete',
    title: 'Undo what was done to cells',
    group: 'Cells',
    // Without it the browser would take back typing in an editor that nobody is in.
    keys: ['Z', 'Mod+Z'],
    when: 'command',
    run: ({ notebook }) => void notebook.structure.undo(),
  },
  {
    id: 'cut',
    title: 'Cut cell',
    group: 'Cells',
    keys: ['X'],
    when: 'command',
    run: (context) => context.notebook.clipboard.cut(chosen(context)),
  },
  {
    id: 'copy',
    title: 'Copy cell',
    group: 'Cells',
    keys: ['C'],
    when: 'command',
    run: (context) => context.notebook.clipboard.copy(chosen(context)),
  },
  { id: 'paste-below', title: 'Paste cell below', group: 'Cells', keys: ['V'], when: 'command', run: paste('below') },
  { id: 'paste-above', title: 'Paste cell above', group: 'Cells', keys: ['Shift+V'], when: 'command', run: paste('above') },
  {
    id: 'duplicate',
    title: 'Duplicate cell',
    group: 'Cells',
    keys: [],
    when: 'command',
    run: (context) => {
      const cellId = active(context)
      if (cellId) void context.notebook.duplicate(cellId)
    },
  },
  { id: 'move-up', title: 'Move cell up', group: 'Cells', keys: ['Alt+ArrowUp'], when: 'command', run: moveBy(-1) },
  { id: 'move-down', title: 'Move cell down', group: 'Cells', keys: ['Alt+ArrowDown'], when: 'command', run: moveBy(1) },
  { id: 'typescript', title: 'Turn into TypeScript', group: 'Cells', keys: ['Y'], when: 'command', run: turnInto('typescript') },
  { id: 'sql', title: 'Turn into SQL', group: 'Cells', keys: ['S'], when: 'command', run: turnInto('sql') },
  { id: 'markdown', title: 'Turn into Markdown', group: 'Cells', keys: ['M'], when: 'command', run: turnInto('markdown') },
  { id: 'disable', title: 'Disable or enable cell', group: 'Cells', keys: ['Shift+D'], when: 'command', run: toggle('disabled') },

  {
    id: 'save',
    title: 'Save now',
    group: 'Cells',
    keys: ['Mod+S'],
    when: 'anywhere',
    run: ({ notebook }) => void notebook.save(),
  },

  { id: 'fold-code', title: 'Fold or show code', group: 'View', keys: ['H'], when: 'command', run: toggle('hidden') },
  {
    id: 'fold-output',
    title: 'Fold or show output',
    group: 'View',
    keys: ['O'],
    when: 'command',
    run: (context) => {
      for (const cellId of chosen(context)) context.notebook.foldOutput(cellId)
    },
  },
  {
    id: 'panel',
    title: 'Show or hide the side panel',
    group: 'View',
    keys: ['Mod+B'],
    when: 'anywhere',
    run: ({ page }) => page.togglePanel(),
  },
  ...PANEL_COMMANDS,
  { id: 'home', title: 'All notebooks', group: 'View', keys: [], when: 'anywhere', run: ({ page }) => page.openHome() },
  {
    id: 'find',
    title: 'Find and replace',
    group: 'View',
    keys: ['Mod+F'],
    when: 'anywhere',
    run: ({ page }) => page.openFind(),
  },
  {
    id: 'palette',
    title: 'All commands',
    group: 'View',
    keys: ['Mod+K', 'Mod+Shift+P'],
    when: 'anywhere',
    run: ({ page }) => page.openPalette(),
    keyOnly: true,
  },
  {
    id: 'help',
    title: 'Keyboard shortcuts',
    group: 'View',
    keys: ['?'],
    when: 'command',
    run: ({ page }) => page.openHelp(),
  },
]
