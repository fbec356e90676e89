import type { ReportData } from './data'

/** What the reader has chosen: a stretch of time and a pool; and who wants to know when that changes. */
export class View {
  /** First and last column, both inclusive; null: all of them. */
  range: [number, number] | null = null
  pool: string | null = null
  private readonly listeners: (() => void)[] = []

  constructor(readonly data: ReportData) {}

  onChange(listener: () => void): void {
    this.listeners.push(listener)
  }

  setRange(range: [number, number] | null): void {
    const last = this.data.columns.length - 1
    this.range = range && (range[0] > 0 || range[1] < last) ? [Math.max(0, range[0]), Math.min(last, range[1])] : null
    this.tell()
  }

  /** From moments in ms: the columns that they touch. */
  setTimes(fromMs: number, toMs: number): void {
    const columns = this.data.columns
    let from = 0
    while (from < columns.length - 1 && columns[from]![1] <= fromMs) {
      from++
    }
    let to = columns.length - 1
    while (to > from && columns[to]![0] >= toMs) {
      to--
    }
    this.setRange([from, to])
  }

  setPool(pool: string | null): void {
    this.pool = pool
    this.tell()
  }

  get from(): number {
    return this.range ? this.range[0] : 0
  }

  get to(): number {
    return this.range ? this.range[1] : this.data.columns.length - 1
  }

  get fromMs(): number {
    return this.range ? this.data.columns[this.from]![0] : this.data.fromMs
  }

  get toMs(): number {
    return this.range ? this.data.columns[this.to]![1] : this.data.toMs
  }

  /** Wall time of what is chosen. */
  get wallNs(): number {
    return this.range ? (this.toMs - this.fromMs) * 1e6 : this.data.wallNs
  }

  has(atMs: number): boolean {
    return !this.range || (atMs >= this.fromMs && atMs < this.toMs)
  }

  private tell(): void {
    for (const listener of this.listeners) {
      listener()
    }
  }
}

/** Times by state of a pool in what is chosen, in the order of the data's states. */
export function timesOf(view: View, pool: { totalNs: number[]; series: Record<string, number[]> }): number[] {
  if (!view.range) {
    return pool.totalNs
  }
  return view.data.states.map(state => {
    const series = pool.series[state]
    let sum = 0
    if (series) {
      for (let i = view.from; i <= view.to; i++) {
        sum += series[i] ?? 0
      }
    }
    return sum
  })
}
