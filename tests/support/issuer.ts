import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'

const ALGORITHM = 'RS256'
const KEY_ID = 'key-1'

/** A token issuer of its own, as Clerk or any OIDC provider is: RS256, keys served over HTTP. */
export class TestIssuer {
  readonly issuer = 'https://issuer.example'
  readonly audience = 'notebooks'
  private readonly server: Server
  private readonly keys: { privateKey: CryptoKey; publicKey: CryptoKey }

  private constructor(server: Server, keys: TestIssuer['keys']) {
    this.server = server
    this.keys = keys
  }

  static async start(): Promise<TestIssuer> {
    const keys = await generateKeyPair(ALGORITHM, { extractable: true })
    const jwk = { ...(await exportJWK(keys.publicKey)), alg: ALGORITHM, use: 'sig', kid: KEY_ID }
    const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new TestIssuer(server, keys)
  }

  /** One entry of TRUSTED_ISSUERS. */
  get entry() {
    const { port } = this.server.address() as AddressInfo
    const jwksUrl = `http://127.0.0.1:${port}/jwks.json`
    return { issuer: this.issuer, jwksUrl, audience: this.audience, algorithms: [ALGORITHM] }
  }

  /** `expiresAt` in seconds since 1970; five minutes from now when absent. */
  token(sub: string, claims: { iss?: string; aud?: string; expiresAt?: number; key?: CryptoKey } = {}): Promise<string> {
    const { iss = this.issuer, aud = this.audience, expiresAt = nowInSeconds() + 300, key = this.keys.privateKey } = claims
    return new SignJWT({ name: sub })
      .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
      .setSubject(sub)
      .setIssuer(iss)
      .setAudience(aud)
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .sign(key)
  }

  /** A token with the right claims and somebody else's signature. */
  async forged(sub: string): Promise<string> {
    const { privateKey } = await generateKeyPair(ALGORITHM)
    return this.token(sub, { key: privateKey })
  }

  /** The classic confusion: signed with HMAC, the public key being the secret. */
  async signedWithPublicKey(sub: string): Promise<string> {
    return new SignJWT({ name: sub })
      .setProtectedHeader({ alg: 'HS256', kid: KEY_ID })
      .setSubject(sub)
      .setIssuer(this.issuer)
      .setAudience(this.audience)
      .setExpirationTime(nowInSeconds() + 300)
      .sign(new TextEncoder().encode(await exportSPKI(this.keys.publicKey)))
  }

  close(): void {
    this.server.close()
  }
}

export const nowInSeconds = () => Math.floor(Date.now() / 1000)

/** A token that says of itself that it is not signed. */
export function unsigned(claims: { iss: string; aud: string; sub: string }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ ...claims, exp: nowInSeconds() + 300 })}.`
}
