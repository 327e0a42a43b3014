import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { LIMITS } from '@rivulet/server/notebook/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestServer } from '../support/testServer.ts'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.close())

describe('who offers another protocol, as `curl --http2` does', () => {
  const OFFER = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n'

  /** A connection of which everything that comes is kept. */
  function open() {
    const { host, port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    let text = ''
    socket.on('data', (part) => (text += part))
    const answers = () => text.split('HTTP/1.1 ').slice(1)
    const ask = (line: string, rest = '\r\n') => socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\n${OFFER}${rest}`)
    return { socket, answers, ask }
  }

  test('is answered as if they had not, again and again on one connection', async () => {
    const { socket, answers, ask } = open()
    for (let n = 1; n <= 30; n += 1) {
      ask('GET /healthz')
      await expect.poll(() => answers().length).toBe(n)
    }
    expect(answers().every((answer) => /^200 OK/.test(answer) && answer.endsWith('{"status":"ok"}'))).toBe(true)
    ask('GET /cells.d.ts')
    socket.write(`GET /nowhere.js HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nConnection: close\r\n\r\n`)
    await once(socket, 'close')
    expect(answers().map((answer) => answer.slice(0, 3))).toEqual([...Array(31).fill('200'), '404'])
  })

  test('with a body, whenever that comes: it is taken, and measured as any other', async () => {
    const token = (await server.guest()).token
    const headers = `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
    const body = JSON.stringify({ title: 'Offered' })
    const { socket, answers, ask } = open()
    ask('POST /trpc/createNotebook', `${headers}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`)
    await pause(50)
    socket.write(body.slice(5))
    await expect.poll(() => answers().length).toBe(1)
    ask('POST /trpc/createNotebook', `${headers}Content-Length: ${LIMITS.messageBytes + 1}\r\n\r\n`)
    await expect.poll(() => answers().length).toBe(2)
    expect(answers().map((answer) => answer.slice(0, 3))).toEqual(['200', '413'])
    expect((await server.http(token).listNotebooks.query()).map(({ title }) => title)).toContain('Offered')
    socket.destroy()
  })
})
