/**
 * The exponent `b` of `cost = a × size ** b`, by least squares over the logarithms (https://en.wikipedia.org/wiki/Log–log_plot):
 * 0 does not grow, 1 grows as the size does. NaN for fewer than two points.
 */
export function exponentOf(points: readonly { size: number; cost: number }[]): number {
  const logs = points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }))
  const mean = (of: (point: { x: number; y: number }) => number) => logs.reduce((sum, point) => sum + of(point), 0) / logs.length
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
  const over = logs.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0)
  return over / logs.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
}
