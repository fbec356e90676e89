import type { HistogramData, ReportData } from './data'

/** Counts of a histogram's buckets over some columns. */
export interface Distribution {
  count: number
  /** Upper bounds, ascending, and how many values each bucket has. */
  bounds: number[]
  counts: number[]
  /** Exact where it is of the whole recording, else the bound of the highest bucket. */
  max: number
  /** Exact where it is of the whole recording, else null. */
  sum: number | null
}

/**
 * What was counted in the columns `from` to `to`, both inclusive. Where a histogram's cells cover several columns, those
 * that reach into that stretch are counted as a whole.
 */
export function distribution(histogram: HistogramData, from: number, to: number, columns: number): Distribution {
  if (from <= 0 && to >= columns - 1) {
    const { count, bounds, counts, max, sum } = histogram
    return { count, bounds, counts, max, sum }
  }
  const counts = new Array<number>(histogram.bounds.length).fill(0)
  let count = 0
  for (const [column, pairs] of histogram.columns) {
    if (column + (histogram.width ?? 1) <= from || column > to) {
      continue
    }
    for (let i = 0; i < pairs.length; i += 2) {
      counts[pairs[i]!]! += pairs[i + 1]!
      count += pairs[i + 1]!
    }
  }
  let max = 0
  counts.forEach((each, i) => {
    if (each > 0) {
      max = Math.min(histogram.bounds[i]!, histogram.max)
    }
  })
  return { count, bounds: histogram.bounds, counts, max, sum: null }
}

/** The value at `share` (0 to 1) of the values, as HdrHistogram computes it; never above the maximum. */
export function valueAt(of: Distribution, share: number): number {
  if (of.count === 0) {
    return NaN
  }
  const wanted = Math.max(1, Math.ceil(share * of.count - 1e-9))
  let seen = 0
  for (let i = 0; i < of.bounds.length; i++) {
    seen += of.counts[i]!
    if (seen >= wanted) {
      return Math.min(of.bounds[i]!, of.max)
    }
  }
  return of.max
}

/** How wide the narrowest buckets are. */
export const narrowest = (unit: string): number => (unit === 'ns' ? 64 : 1)

/** The lowest value of the bucket that ends at `bound`: 16 buckets to each power of two, and at least 64 ns wide. */
export function lowerBound(bound: number, unit: string): number {
  const next = bound + 1
  // The width of the bucket below `next`: next lies on a border of buckets of that width.
  const power = 2 ** Math.floor(Math.log2(Math.max(bound, 1)))
  return Math.max(0, next - Math.max(narrowest(unit), power / 16))
}

export interface MetricName {
  metric: string
  operation: string | null
}

export const metricKey = (of: MetricName): string => (of.operation ? `${of.metric}\n${of.operation}` : of.metric)

/** The histograms of a metric, first that of the whole process, then pools with most values first. */
export function ofMetric(data: ReportData, key: string): HistogramData[] {
  return data.histograms
    .filter(each => metricKey({ metric: each.metric, operation: each.operation ?? null }) === key)
    .sort((a, b) => (a.pool ? 1 : 0) - (b.pool ? 1 : 0) || b.count - a.count)
}

/** All metrics that there are, in the order in which they come. */
export function metricsOf(data: ReportData): MetricName[] {
  const seen = new Map<string, MetricName>()
  for (const each of data.histograms) {
    const name = { metric: each.metric, operation: each.operation ?? null }
    if (!seen.has(metricKey(name))) {
      seen.set(metricKey(name), name)
    }
  }
  return [...seen.values()]
}
