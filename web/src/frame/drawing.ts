import type { ChartTheme } from './messages.ts'

/** A chart that has been drawn. */
export interface Drawing {
  /** Gives back what it holds: timers, listeners, graphics contexts. */
  end(): void
  /** It was drawn for a width, so another one asks for another drawing. */
  fitted?: boolean
}

export interface Place {
  element: HTMLElement
  width: number
  theme: ChartTheme
  /** Writes below the chart that something was not loaded. */
  refuse(url: string): void
}

export type Draw = (spec: Record<string, unknown>, place: Place) => Promise<Drawing>

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
