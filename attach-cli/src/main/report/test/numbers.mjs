// Numbers as a page must have and write them, without the page's own code.

/** HdrHistogram's value at a percentile, computed without the page's own code. */
export function percentile(counts, share, max) {
  const all = [...counts].sort((a, b) => a[0] - b[0])
  const wanted = Math.max(1, Math.ceil(share * all.reduce((sum, each) => sum + each[1], 0)))
  let seen = 0
  return Math.min(max, all.find(([, n]) => (seen += n) >= wanted)[0])
}

/** Three digits. */
export const three = value =>
  value >= 99.95 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(value >= 9.995 ? 1 : 2)

/** As attach-cli writes it. */
export function written(ns) {
  return ns === 0
    ? '0'
    : ns < 999.5
      ? `${Math.round(ns)} ns`
      : ns < 999_500
        ? `${three(ns / 1e3)} µs`
        : ns < 999.5e6
          ? `${three(ns / 1e6)} ms`
          : `${three(ns / 1e9)} s`
}

/** Whole numbers. */
export const grouped = value => value.toLocaleString('en-GB')

/** Bytes. */
export function size(bytes) {
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = units.findIndex((_, i) => bytes / 1024 ** (i + 1) < 999.5)
  return bytes < 1024 ? `${bytes} B` : `${three(bytes / 1024 ** (power + 1))} ${units[power]}`
}

/** A part of 1. */
export function share(of) {
  const percent = of * 100
  return percent === 0
    ? '0%'
    : percent < 0.1
      ? '<0.1%'
      : percent > 99.9 && percent < 100 - 1e-9
        ? '>99.9%'
        : `${percent.toFixed(percent < 9.95 || (percent >= 99.5 && percent < 100) ? 1 : 0)}%`
}

/** How many threads on average. */
export const mean = threads =>
  threads > 0 && threads < 0.005 ? '<0.01' : threads < 9.995 ? threads.toFixed(2) : three(threads)

/** The time of day, UTC. */
export const clock = ms => new Date(ms).toISOString().slice(11, 19)

export const sumOf = all => all.reduce((sum, each) => sum + each, 0)
