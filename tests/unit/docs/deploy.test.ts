import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

test('the image and the systemd unit run what `pnpm start` runs', () => {
  const { scripts } = JSON.parse(read('server/package.json')) as { scripts: { start: string } }
  const started = /exec (node .*)$/.exec(scripts.start)?.[1]
  expect(started).toContain(' dist/main.js')
  const inImage: unknown = JSON.parse(/^CMD (.+)$/m.exec(read('Dockerfile'))?.[1] ?? '')
  expect(inImage).toEqual(started?.split(' '))
  expect(/^ExecStart=\/usr\/bin\/env (.+)$/m.exec(read('deploy/rivulet.service'))?.[1]).toBe(started)
})
