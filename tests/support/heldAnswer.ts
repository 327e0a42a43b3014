import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A web address whose answer the test gives when it wants to. */
export async function heldAnswer(text = 'the answer') {
  let asked = () => {}
  let answer = () => {}
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const server = createServer((_request, response) => {
    answer = () => response.end(text)
    asked()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { host, wasAsked, answer: () => answer(), close: () => server.close() }
}
