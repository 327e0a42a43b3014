import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The message is for the user, and names the place of the key, never the key. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
}

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const FILE = 'secret.key'

/** Encrypts what must not lie in the database as it is. The key is read, or made, when it is first needed. */
export class Secrets {
  readonly #dataDir: string
  readonly #configured: Buffer | undefined
  #key: Buffer | undefined

  constructor(dataDir: string, configured?: Buffer) {
    this.#dataDir = dataDir
    this.#configured = configured
  }

  /** `about` is what it belongs to: nothing else can be opened with it. */
  seal(text: string, about: string): string {
    const key = this.#keyToSeal()
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    const body = Buffer.concat([nonce, cipher.getAuthTag(), sealed])
    return `v1.${idOf(key)}.${body.toString('base64url')}`
  }

  /** @throws SecretError when the key is another one or lost, or the text was damaged. */
  open(sealed: string, about: string): string {
    const [version, keyId, body] = sealed.split('.')
    if (version !== 'v1' || body === undefined) throw new SecretError('It was encrypted by a newer version of Rivulet.')
    const key = this.#keyToOpen()
    if (idOf(key) !== keyId)
      throw new SecretError(
        'It was encrypted with another key than the one this server has now (SECRET_KEY, or secret.key in the data folder).',
      )
    const bytes = Buffer.from(body, 'base64url')
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    try {
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    } catch {
      throw new SecretError('What is stored of it is damaged.')
    }
  }

  /** A lost key must not be replaced while there is something that only it can open: that would hide the loss. */
  #keyToOpen(): Buffer {
    const key = this.#known()
    if (key) return key
    throw new SecretError('The key that it was encrypted with is lost (SECRET_KEY, or secret.key in the data folder).')
  }

  #keyToSeal(): Buffer {
    const known = this.#known()
    if (known) return known
    mkdirSync(this.#dataDir, { recursive: true })
    const key = randomBytes(KEY_BYTES)
    writeFileSync(join(this.#dataDir, FILE), `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    this.#key = key
    return key
  }

  #known(): Buffer | undefined {
    if (this.#configured) return this.#configured
    if (this.#key) return this.#key
    const path = join(this.#dataDir, FILE)
    if (!existsSync(path)) return undefined
    const key = parseKey(readFileSync(path, 'utf8').trim())
    if (!key) throw new SecretError('The file secret.key in the data folder holds no key: restore it from a backup.')
    this.#key = key
    return key
  }
}

/** 32 bytes in base64; undefined for anything else. */
export function parseKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64')
  return key.length === KEY_BYTES && /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? key : undefined
}

/** Tells keys apart, and nothing of them. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('rivulet key ').update(key).digest('hex').slice(0, 8)
}
