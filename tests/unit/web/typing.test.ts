import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldedSource, TypingServer } from '../../support/typingServer.ts'
import { Typist } from '../../support/typist.ts'

const numRuns = Number(process.env.RUNS ?? 150)
const START = 'const a = 1\nconst b = 2\n'

function world(source = START, count = 4) {
  const server = new TypingServer(source)
  const typists = Array.from({ length: count }, (_, index) => new Typist(server, `client-${index}`))
  return { server, typists }
}

/** Until everybody has everything, on a network that has become good. */
function settle({ server, typists }: ReturnType<typeof world>): void {
  for (let round = 0; round < 100; round += 1) {
    for (const typist of typists) {
      typist.follow(Number.POSITIVE_INFINITY)
      typist.choose('mine')
      typist.send()
      while (typist.requests.length) typist.arrive(0)
      while (typist.answers.length) typist.hear(0)
    }
    if (typists.every((typist) => typist.isDone)) break
  }
  expect(typists.map((typist) => typist.text)).toEqual(typists.map(() => server.source))
  expect(typists.every((typist) => typist.isDone)).toBe(true)
  expect(foldedSource(START, server.edits)).toBe(server.source)
}

const number = fc.nat(1_000)
const who = fc.nat(3)
const insertion = fc.record({ do: fc.constant('insert' as const), who, number })
const network = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('send' as const, 'arrive' as const, 'hear' as const), who, number }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('follow' as const), who, number: fc.integer({ min: 1, max: 4 }) }) },
  fc.record({ do: fc.constantFrom('repeat' as const, 'lose' as const, 'deaf' as const), who, number }),
  fc.record({ do: fc.constant('restart' as const), who, number }),
)
const text = fc.constantFrom('', 'x', 'yy', '\n', 'a\nb', '\r\n', '😀', 'const a = 1\n')
const anything = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('replace' as const), who, number, length: fc.nat(6), text }) },
  fc.record({ do: fc.constantFrom('undo' as const, 'snapshot' as const, 'mine' as const, 'theirs' as const), who, number }),
  fc.record({ do: fc.constantFrom('forget' as const, 'agent' as const), who, number, text }),
)
type Step = typeof insertion | typeof network | typeof anything extends fc.Arbitrary<infer T> ? T : never

/** `typed`: what is inserted next, so that every insertion can be told from every other. */
function play({ server, typists }: ReturnType<typeof world>, step: Step, typed: () => string): void {
  const typist = typists[step.who % typists.length]
  if (!typist) return
  switch (step.do) {
    case 'insert':
      return typist.type(step.number, 0, typed())
    case 'replace':
      return typist.type(step.number, step.length, step.text)
    case 'undo':
      return typist.undo()
    case 'send':
      return typist.send()
    case 'arrive':
      return typist.arrive(step.number)
    case 'repeat':
      return typist.arrive(step.number, { keep: true })
    case 'deaf':
      return typist.arrive(step.number, { lost: true })
    case 'lose':
      return typist.lose(step.number)
    case 'hear':
      return typist.hear(step.number)
    case 'follow':
      return typist.follow(step.number)
    case 'snapshot':
      return typist.snapshot()
    case 'mine':
    case 'theirs':
      return typist.choose(step.do)
    case 'restart':
      return server.restart()
    case 'forget':
      return server.restart({ forgetful: true })
    case 'agent':
      return server.replace(`${server.source.slice(0, step.number)}${step.text}${server.source.slice(step.number + 2)}`)
  }
}

describe('four people type in one cell, while requests are lost, repeated and reordered', () => {
  it('[E2] everybody ends with the same text, and every insertion is in it once', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 3, arbitrary: insertion }, network), { maxLength: 120, size: 'max' }), (steps) => {
        const here = world()
        const insertions: string[] = []
        const next = () => {
          const token = String.fromCodePoint(0x4e00 + insertions.length)
          insertions.push(token)
          return token
        }
        for (const step of steps) play(here, step, next)
        settle(here)
        const text = here.server.source
        expect(insertions.filter((token) => text.split(token).length !== 2)).toEqual([])
        expect(text.length).toBe(START.length + insertions.length)
      }),
      { numRuns },
    )
  }, 120_000)

  it('[E2] everybody ends with the same text, whatever is deleted, undone, replaced by programs or forgotten', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 2, arbitrary: anything }, network), { maxLength: 120, size: 'max' }), (steps) => {
        const here = world()
        for (const step of steps) play(here, step, () => 'x')
        settle(here)
      }),
      { numRuns },
    )
  }, 120_000)
})
