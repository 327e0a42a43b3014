/** Globals of the web platform that compute and nothing else. */
const HARMLESS = new Set(
  `console queueMicrotask AbortController AbortSignal Blob ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy CryptoKey
  CustomEvent DecompressionStream DOMException QuotaExceededError DOMMatrix DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMQuad DOMRect
  DOMRectReadOnly ErrorEvent Event EventTarget File FormData Headers MessageChannel MessageEvent MessagePort Performance PerformanceEntry
  PerformanceMark PerformanceMeasure ReadableStream ReadableStreamDefaultReader ReadableByteStreamController ReadableStreamBYOBReader
  ReadableStreamBYOBRequest ReadableStreamDefaultController Request Response TextDecoder TextEncoder TextDecoderStream TextEncoderStream
  TransformStream TransformStreamDefaultController URL URLPattern URLSearchParams WritableStream WritableStreamDefaultWriter
  WritableStreamDefaultController atob btoa clearInterval clearTimeout crypto Crypto SubtleCrypto performance setInterval setTimeout
  structuredClone WebAssembly`.split(/\s+/),
)

/** What people will try, with the sentence they get. */
const REFUSED: Record<string, string> = {
  fetch: 'Cells cannot reach the network',
  WebSocket: 'Cells cannot reach the network',
  EventSource: 'Cells cannot reach the network',
  Worker: 'Cells cannot start workers',
}

/** Everything JavaScript itself defines, read before anything is removed. */
const LANGUAGE = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError
  EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array
  Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array Float64Array
  DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape eval isFinite isNaN Temporal SuppressedError DisposableStack AsyncDisposableStack
  SharedArrayBuffer`.split(/\s+/),
)

/**
 * Leaves only what is known to be harmless, on the global object and on its prototypes. Being an event target stays:
 * Deno itself tells the worker of its timers and messages that way, and abort signals share the prototype.
 */
export function lockDown(global: object): void {
  for (let object: object | null = global; object && !SHARED.has(object); object = Object.getPrototypeOf(object)) {
    for (const key of Reflect.ownKeys(object)) if (!isAllowed(key)) remove(object, key)
  }
  for (const [name, sentence] of Object.entries(REFUSED)) {
    const refuse = () => {
      throw new Error(sentence)
    }
    Object.defineProperty(global, name, {
      value:
        name === 'fetch'
          ? refuse
          : class {
              constructor() {
                refuse()
              }
            },
      configurable: true,
      writable: true,
    })
  }
}

function isAllowed(key: PropertyKey): boolean {
  return typeof key === 'symbol' ? key === Symbol.toStringTag : LANGUAGE.has(key) || HARMLESS.has(key) || key === 'constructor'
}

function remove(object: object, key: PropertyKey): void {
  if (Reflect.deleteProperty(object, key)) return
  // What cannot be deleted can at least be emptied, unless it is of no use to anybody.
  Reflect.set(object, key, undefined)
}
