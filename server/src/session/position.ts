export interface Position {
  epoch: string
  rev: number
}

export function formatPosition({ epoch, rev }: Position): string {
  return `${epoch}:${rev}`
}

export function parsePosition(text: string | null | undefined): Position | undefined {
  const match = /^(.+):(\d+)$/.exec(text ?? '')
  return match?.[1] && match[2] ? { epoch: match[1], rev: Number(match[2]) } : undefined
}
