/** A bounded picture of any value: `application/vnd.rivulet.tree+json`. The browser shows it as an expandable tree. */
export interface TreeNode {
  t:
    | 'string'
    | 'number'
    | 'bigint'
    | 'boolean'
    | 'undefined'
    | 'null'
    | 'symbol'
    | 'function'
    | 'object'
    | 'array'
    | 'typed'
    | 'map'
    | 'set'
    | 'date'
    | 'regexp'
    | 'error'
    | 'promise'
    | 'buffer'
    | 'weak'
    /** Seen above on the way down. */
    | 'cycle'
    /** An accessor, which is not called. */
    | 'getter'
    /** Looking at it threw; `v` says what. */
    | 'unreadable'
    /** Too deep, or out of time or space. */
    | 'cut'
    | 'hole'
  /** Class, function or constructor. */
  name?: string
  /** The value, or text that stands for it. */
  v?: string | number | boolean
  /** Keys are text; the key of a Map's entry is printed. */
  entries?: [string, TreeNode][]
  /** Number of elements or entries in all. */
  size?: number
  /** How many entries are not shown; characters for strings. */
  more?: number
}
