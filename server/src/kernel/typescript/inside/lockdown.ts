/** Globals of the web platform that compute and nothing else. */
const HARMLESS = new Set(
  `console self queueMicrotask AbortController AbortSignal Blob ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy
  CryptoKey CustomEvent DecompressionStream DOMException QuotaExceededError DOMMatrix DOMMatrixReadOnly DOMPoint DOMPointReadOnly
  DOMQuad DOMRect DOMRectReadOnly ErrorEvent Event EventTarget File FileReader FormData Headers MessageChannel MessageEvent
  MessagePort Performance PerformanceEntry PerformanceMark PerformanceMeasure ProgressEvent ReadableStream ReadableStreamDefaultReader
  ReadableByteStreamController ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController Request Response
  TextDecoder TextEncoder TextDecoderStream TextEncoderStream TransformStream TransformStreamDefaultController URL URLPattern
  URLSearchParams WritableStream WritableStreamDefaultWriter WritableStreamDefaultController atob btoa clearInterval clearTimeout
  crypto Crypto SubtleCrypto performance setInterval setTimeout structuredClone WebAssembly`.split(/\s+/),
)

/** Everything JavaScript itself defines. */
export const LANGUAGE: ReadonlySet<string> = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError
  EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array
  Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array Float64Array
  DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape eval isFinite isNaN Temporal SuppressedError DisposableStack AsyncDisposableStack
  SharedArrayBuffer`.split(/\s+/),
)

/** What people will try, with the sentence they get. */
const REFUSED: Record<string, string> = { Worker: 'Cells cannot start workers' }

const NO_NETWORK = 'Cells cannot reach the network. The notebook’s owner can allow hosts by name.'
const NETWORK = ['fetch', 'WebSocket', 'EventSource']

/**
 * Leaves only what is known to be harmless on the global object (and what reaches the granted hosts), and fixes what the kernel itself cannot do without.
 * Symbols stay: they are how the runtime finds the event listeners of its own objects.
 */
export function lockDown(global: object, network: boolean): void {
  const kept = new Set(network ? NETWORK : [])
  for (const key of Reflect.ownKeys(global)) {
    if (typeof key === 'string' && !LANGUAGE.has(key) && !HARMLESS.has(key) && !kept.has(key)) remove(global, key)
  }
  const refused = { ...REFUSED, ...(network ? {} : Object.fromEntries(NETWORK.map((name) => [name, NO_NETWORK]))) }
  for (const [name, sentence] of Object.entries(refused)) {
    Object.defineProperty(global, name, { value: refusing(sentence), configurable: true, writable: true })
  }
  fixEvents()
  fixPrototypes()
  fixFunctions(global)
}

function remove(object: object, key: PropertyKey): void {
  if (!Reflect.deleteProperty(object, key)) throw new Error(`The global ${String(key)} cannot be removed`)
}

/** Can be called and constructed. */
function refusing(sentence: string): () => never {
  return function refuse() {
    throw new Error(sentence)
  }
}

/** The runtime delivers messages and errors by calling these on its own objects, which a replacement would get to see. */
function fixEvents(): void {
  for (const object of [EventTarget.prototype, Event.prototype, MessagePort.prototype, AbortSignal.prototype]) fixMethods(object)
}

/**
 * The kernel works with objects and promises that cells can influence through the prototypes alone: an added `then` or
 * `toJSON` would be called by the language itself, and an accessor for an index would receive what is put into any list.
 * Everything else of the built-in objects is left to the cells.
 */
function fixPrototypes(): void {
  Object.preventExtensions(Object.prototype)
  Object.preventExtensions(Array.prototype)
  fixMethods(Promise.prototype)
  fixMethod(Promise, Symbol.species)
  // The runtime receives messages through it.
  fixMethod(Function.prototype, 'call')
}

/** What the kernel calls by its global name. Methods of arrays, maps and text are not among it: fixing them makes them slow. */
function fixFunctions(global: object): void {
  for (const object of [Object, Array, Map, Set, Promise, JSON, Math, Reflect, Number, String, Symbol, Atomics, performance]) {
    fixMethods(object)
  }
  for (const name of LANGUAGE) fixMethod(global, name)
}

/** Without `Symbol.species`: fixing that of arrays makes them slow. */
function fixMethods(object: object): void {
  for (const key of Reflect.ownKeys(object)) if (key !== Symbol.species) fixMethod(object, key)
}

function fixMethod(object: object, key: PropertyKey): void {
  const descriptor = Reflect.getOwnPropertyDescriptor(object, key)
  if (!descriptor?.configurable) return
  Object.defineProperty(object, key, { configurable: false, ...('value' in descriptor ? { writable: false } : {}) })
}
