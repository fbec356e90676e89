/**
 * What attach-cli puts into the page: one recording, with neighbouring intervals merged into at most 600
 * columns. Times are nanoseconds, moments milliseconds since 1970. Lists per state are in the order of `states`.
 */
export interface ReportData {
  schema: number
  jvm: { pid: number; name: string; [key: string]: unknown }
  machine?: Record<string, unknown> | null
  attachCli?: string
  intervalNs?: number
  status: Status
  fromMs: number
  toMs: number
  wallNs: number
  intervals: number
  end: string
  columns: [number, number][]
  states: string[]
  pools: Pool[]
  threads: Thread[]
  threadsLeftOut?: number
  histograms: HistogramData[]
  pauses: Pause[]
  /** How many came that the recording does not have; left out are shorter ones than those that are here. */
  missingPauses: number
  pausesLeftOut?: number
  events: SlowEvent[]
  frames: string[]
  missingEvents: number
  eventsLeftOut?: number
  contexts?: Context[]
  outsideNs?: number[]
  disks?: Disk[]
  remotes?: Remote[]
  cost?: Cost[]
  losses: Record<string, number>
  [key: string]: unknown
}

export interface Status {
  version?: string
  arguments?: string
  probes?: { name: string; status: string; detail?: string; runs?: number; nsPerRun?: number }[]
  cost?: Cost | null
  [key: string]: unknown
}

export interface Pool {
  name: string
  threads: number
  ended?: number
  totalNs: number[]
  waitedNs?: Record<string, number>
  series: Record<string, number[]>
}

export interface Thread {
  tid: number
  javaId: number
  name: string
  pool: string
  kind: string
  totalNs: number[]
  waitedNs?: Record<string, number>
  migrations?: number
  minorFaults?: number
  majorFaults?: number
}

export interface HistogramData {
  metric: string
  pool?: string | null
  operation?: string | null
  unit: string
  count: number
  sum: number
  max: number
  bounds: number[]
  counts: number[]
  /** How many columns each of `columns` covers, from its own on. */
  width?: number
  /** For each column in which something was counted its number and pairs: an index into `bounds`, a count. */
  columns: [number, number[]][]
}

export interface Pause {
  number: number
  atMs: number
  operation: string
  gc: boolean
  totalNs: number
  timeToSafepointNs?: number
  incomplete?: boolean
  partsNs: Record<string, number>
  threads?: PauseThread[]
}

export interface PauseThread {
  tid: number
  name: string
  role: string
  timesNs: Record<string, number>
  minorFaults?: number
  majorFaults?: number
  occupants?: { kind: string; who: string; ns: number }[]
}

export interface Waker {
  who: string
  id?: number
  name?: string
}

export interface SlowEvent {
  number: number
  atMs: number
  metric: string
  durationNs: number
  thread: { tid: number; javaId?: number; name: string; pool: string; virtual?: { id: number; name: string } }
  cpu?: number
  on?: Record<string, string | number>
  wokenBy?: Waker
  behind?: Waker
  /** Indexes into `frames`, the innermost first. */
  stack?: number[]
  context?: string
  trace?: { traceId: string; spanId: string }
}

export interface Context {
  name: string
  kind: string
  count: number
  inclusiveNs: number[]
  exclusiveNs: number[]
}

export interface Disk {
  name: string
  uses: {
    by: string
    operation: string
    requests: number
    bytes: number
    queueNs: number
    deviceNs: number
    maxDeviceNs: number
    sequential: number
  }[]
}

export interface Remote {
  direction: string
  address: string | null
  port: number
  open: number
  begun: number
  found: number
  closed: number
  failed: number
  retransmits: number
  resetsReceived: number
  resetsSent: number
  bytesSent: number
  bytesReceived: number
  rtt?: { count: number; sumNs: number; minNs: number; maxNs: number; lastNs: number }
}

export interface CostNs {
  wallNs?: number
  hostCpuNs?: number
  threadCpuNs?: number
  programNs?: number
}

export interface Cost extends CostNs {
  atMs?: number
  /** Since the agent began. */
  total?: CostNs
  share?: number
  maxShare?: number | null
  note?: string | null
  programsKnownBy?: string
  allocatedBytesPerSecond?: number | null
  kernelMemoryBytes?: number
  mappedBytes?: number
  [key: string]: unknown
}

/** Reads the data out of the page: base64 of gzip of JSON. Rejects with a sentence for the reader. */
export async function readData(): Promise<ReportData> {
  const element = document.getElementById('data')
  const text = element?.textContent?.trim() ?? ''
  if (!text) {
    throw new Error('This page has no data in it. Make it anew with: attach-cli report RECORDING -o FILE.html')
  }
  if (typeof DecompressionStream === 'undefined') {
    throw new Error(
      'This browser cannot unpack the data (DecompressionStream is missing). Open the page in one of 2023 or later.',
    )
  }
  let json: string
  try {
    const packed = atob(text)
    const bytes = new Uint8Array(packed.length)
    for (let i = 0; i < packed.length; i++) {
      bytes[i] = packed.charCodeAt(i)
    }
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    json = await new Response(stream).text()
  } catch {
    throw new Error(
      'The data in this page are damaged: the file is cut or was changed. Make it anew from the recording.',
    )
  }
  element!.textContent = ''
  const data = JSON.parse(json) as ReportData
  if (data.schema !== 1) {
    throw new Error(`This page cannot show schema ${String(data.schema)}, only schema 1.`)
  }
  if (data.columns.length === 0) {
    throw new Error('There is nothing to show: this recording ended before its first interval was over.')
  }
  return data
}
