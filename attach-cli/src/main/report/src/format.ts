/** How numbers are written: three significant digits, as attach-cli does. */

const SECOND = 1e9

/** Three significant digits without an exponent: 286, 26.8, 5.53, 1,234. */
export function digits(value: number): string {
  if (!isFinite(value)) {
    return '–'
  }
  const size = Math.abs(value)
  if (size >= 99.95) {
    return Math.round(value).toLocaleString('en-GB')
  }
  const decimals = size >= 9.995 ? 1 : 2
  return value.toFixed(decimals)
}

export function duration(ns: number): string {
  if (ns === 0) {
    return '0'
  }
  if (ns < 999.5) {
    return `${Math.round(ns)} ns`
  }
  if (ns < 999_500) {
    return `${digits(ns / 1e3)} µs`
  }
  if (ns < 999.5e6) {
    return `${digits(ns / 1e6)} ms`
  }
  return `${digits(ns / SECOND)} s`
}

/** A span of wall time in words: 58 s, 12 min 4 s, 1 h 2 min. */
export function span(ns: number): string {
  const seconds = Math.round(ns / SECOND)
  if (seconds < 100) {
    return `${digits(ns / SECOND)} s`
  }
  const minutes = Math.floor(seconds / 60)
  if (minutes < 100) {
    return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`
  }
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`
}

export function bytes(value: number): string {
  if (value < 1024) {
    return `${Math.round(value)} B`
  }
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  let scaled = value / 1024
  let unit = 0
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1024
    unit++
  }
  return `${digits(scaled)} ${units[unit]}`
}

/** A histogram's value: nanoseconds, or what else its unit says. */
export function inUnit(value: number, unit: string): string {
  return unit === 'ns' ? duration(value) : unit === 'bytes' ? bytes(value) : digits(value)
}

export function count(value: number): string {
  return value.toLocaleString('en-GB')
}

/** A share of 0 to 1: 54%, 3.1%, <0.1%. */
export function percent(share: number): string {
  if (!isFinite(share) || share === 0) {
    return '0%'
  }
  const hundredths = share * 100
  if (hundredths < 0.1) {
    return '<0.1%'
  }
  // Not all of it is not 100 %.
  if (hundredths > 99.9 && hundredths < 100 - 1e-9) {
    return '>99.9%'
  }
  return `${hundredths >= 9.95 ? hundredths.toFixed(hundredths >= 99.5 && hundredths < 100 ? 1 : 0) : hundredths.toFixed(1)}%`
}

/** A mean number of threads. */
export function threads(value: number): string {
  return value > 0 && value < 0.005 ? '<0.01' : value < 9.995 ? value.toFixed(2) : digits(value)
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** A moment in the reader's time zone: 02:11:53, with tenths or thousandths where asked for. */
export function clock(ms: number, decimals = 0): string {
  const date = new Date(ms)
  const whole = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  return decimals ? `${whole}.${pad(date.getMilliseconds(), 3).slice(0, decimals)}` : whole
}

export function day(ms: number): string {
  const date = new Date(ms)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** The reader's time zone at that moment: UTC+02:00. */
export function zone(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset()
  if (minutes === 0) {
    return 'UTC'
  }
  const size = Math.abs(minutes)
  return `UTC${minutes < 0 ? '−' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`
