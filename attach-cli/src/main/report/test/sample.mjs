// An example as attach-cli makes them: an hour of 50 threads in 600 columns. The same each time.

export const STATES = [
  'running',
  'runnable',
  'blocked_monitor',
  'blocked_park',
  'blocked_wait',
  'blocked_sleep',
  'blocked_safepoint',
  'blocked_vm',
  'blocked_futex',
  'blocked_poll',
  'blocked_socket',
  'blocked_disk',
  'blocked_fault',
  'blocked_reclaim',
  'blocked_process',
  'blocked_other',
]

/** Names that would do harm if anybody took them for HTML. */
export const EVIL = `<script>document.title='owned'</script><img src=x onerror=alert(1)>-#`

/** A small generator of numbers (mulberry32), so that each run has the same example. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The upper bound of HdrHistogram's bucket for a value, with one digit and a unit of 64 ns. */
export function bound(value) {
  const width = Math.max(64, 2 ** Math.floor(Math.log2(Math.max(value, 1))) / 16)
  return Math.floor(value / width) * width + width - 1
}

/** Shares of the states, in percent, of threads of one kind; `bad` in the bad ten minutes. */
const KINDS = [
  {
    name: 'http-nio-8080-exec-#',
    threads: 16,
    mix: {
      running: 22,
      runnable: 5,
      blocked_socket: 18,
      blocked_monitor: 2,
      blocked_park: 50,
      blocked_disk: 2,
      blocked_safepoint: 1,
    },
    bad: {
      running: 20,
      runnable: 38,
      blocked_monitor: 14,
      blocked_socket: 8,
      blocked_park: 16,
      blocked_disk: 2,
      blocked_safepoint: 2,
    },
  },
  {
    name: 'order-worker-#',
    threads: 8,
    mix: { running: 9, runnable: 2, blocked_disk: 14, blocked_park: 74, blocked_safepoint: 1 },
    bad: { running: 9, runnable: 16, blocked_disk: 32, blocked_park: 40, blocked_safepoint: 2, blocked_fault: 1 },
  },
  { name: 'cache-refresh-#', threads: 2, mix: { running: 4, blocked_sleep: 95, blocked_reclaim: 1 } },
  {
    name: 'ForkJoinPool-#-worker-#',
    threads: 4,
    mix: { running: 30, runnable: 6, blocked_park: 64 },
    bad: { running: 25, runnable: 44, blocked_park: 31 },
  },
  {
    name: 'GC',
    threads: 6,
    mix: { running: 1, runnable: 0.3, blocked_vm: 98.7 },
    bad: { running: 2, runnable: 3, blocked_vm: 95 },
  },
  { name: 'Compiler', threads: 2, mix: { running: 3, runnable: 0.5, blocked_vm: 96.5 } },
  { name: 'VM', threads: 4, mix: { running: 0.5, blocked_vm: 99.5 } },
  { name: 'kafka-consumer', threads: 1, mix: { running: 2, blocked_poll: 97, blocked_safepoint: 1 } },
  { name: 'HikariPool-# housekeeper', threads: 1, mix: { blocked_park: 100 } },
  { name: 'mailer-#', threads: 2, mix: { running: 0.2, blocked_socket: 99.8 } },
  { name: 'log4j-appender', threads: 1, mix: { running: 1, blocked_disk: 3, blocked_wait: 96 } },
  { name: EVIL, threads: 1, mix: { running: 1, blocked_other: 99 } },
  { name: 'main', threads: 1, mix: { blocked_sleep: 100 } },
  { name: 'Reference Handler', threads: 1, mix: { blocked_vm: 100 } },
]

const METRICS = [
  ['runnable', 40e3],
  ['running', 300e3],
  ['blocked_monitor', 3e6],
  ['blocked_park', 20e6],
  ['blocked_disk', 800e3],
  ['blocked_socket', 4e6],
  ['blocked_safepoint', 6e6],
  ['file_sync', 2e6],
  ['block_write', 600e3],
  ['socket_connect', 1e6],
]

/** What the agent took in five seconds, and since it began. */
function costOf(programNs, total) {
  return {
    wallNs: 5e9,
    hostCpuNs: 2e10,
    threadCpuNs: 11e6,
    programNs,
    share: (11e6 + programNs) / 2e10,
    maxShare: 0.05,
    note: null,
    programsKnownBy: 'calibration',
    allocatedBytesPerSecond: 31204,
    kernelMemoryBytes: 7340032,
    mappedBytes: 1236992,
    total: { ...total, startCpuNs: 152e6, allocatedBytes: 2411724 },
  }
}

export function sample({ columns = 600, seconds = 3600, seed = 7 } = {}) {
  const next = random(seed)
  const fromMs = Date.UTC(2026, 10, 21, 2, 0, 0)
  const stepMs = (seconds * 1000) / columns
  const isBad = column => column > columns * 0.55 && column < columns * 0.72
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const data = {
    schema: 1,
    jvm: { pid: 4711, name: 'shop.jar' },
    machine: { kernel: '6.18.0', cpus: 4, jdk: '25.0.1' },
    attachCli: '0.1.0',
    intervalNs: 1e9,
    status: {
      schema: 1,
      version: '0.1.0',
      pid: 7,
      state: 'on',
      error: null,
      sinceNs: 61e9,
      arguments: 'interval=1s,threads=4096,slow=10ms',
      jar: null,
      kernelMemoryBytes: 7340032,
      probes: [
        { name: 'sched_switch', status: 'attached', detail: 'tp_btf', runs: 1234567, nsPerRun: 104.2 },
        {
          name: 'dns',
          status: 'unsupported',
          detail: 'getaddrinfo begins with an instruction that would have to be single-stepped',
          runs: 0,
          nsPerRun: 0,
        },
      ],
      cost: costOf(16e7, { wallNs: 61e9, hostCpuNs: 28e9, threadCpuNs: 196e6, programNs: 402e6 }),
    },
    fromMs,
    toMs: fromMs + seconds * 1000,
    wallNs: seconds * 1e9,
    intervals: seconds,
    end: 'duration',
    columns: Array.from({ length: columns }, (_, i) => [
      Math.round(fromMs + i * stepMs),
      Math.round(fromMs + (i + 1) * stepMs),
    ]),
    states: STATES,
    pools: [],
    threads: [],
    threadsLeftOut: 0,
    histograms: [],
    pauses: [],
    missingPauses: 12,
    events: [],
    frames: [],
    missingEvents: 431,
    contexts: [],
    outsideNs: STATES.map(() => 0),
    disks: [],
    remotes: [],
    cost: [],
    losses: { missed_wakeups: 5, lost_slow_events: 431 },
  }
  let tid = 4712
  for (const kind of KINDS) {
    const series = {}
    const totalNs = STATES.map(() => 0)
    for (let column = 0; column < columns; column++) {
      const mix = isBad(column) && kind.bad ? kind.bad : kind.mix
      const weights = STATES.map(state => (mix[state] ?? 0) * Math.exp(normal() * 0.3))
      const sum = weights.reduce((a, b) => a + b, 0)
      STATES.forEach((state, i) => {
        const ns = Math.round((weights[i] / sum) * kind.threads * stepMs * 1e6)
        if (ns) {
          ;(series[state] ??= new Array(columns).fill(0))[column] = ns
          totalNs[i] += ns
        }
      })
    }
    const waitedNs = {
      process: Math.round(totalNs[1] * 0.6),
      own: Math.round(totalNs[1] * 0.3),
      kernel: Math.round(totalNs[1] * 0.02),
    }
    data.pools.push({
      name: kind.name,
      threads: kind.threads,
      ended: kind.name === 'mailer-#' ? 3 : 0,
      totalNs,
      waitedNs,
      series,
    })
    for (let i = 1; i <= kind.threads; i++) {
      data.threads.push({
        tid: tid++,
        javaId: tid - 4690,
        name: kind.name.replace(/#/g, String(i)),
        pool: kind.name,
        kind: 'java',
        totalNs: totalNs.map(ns => Math.round(ns / kind.threads)),
        waitedNs: { process: Math.round(waitedNs.process / kind.threads) },
        migrations: Math.floor(next() * 4000),
        minorFaults: Math.floor(next() * 9000),
        majorFaults: Math.floor(next() * 3),
      })
    }
  }
  for (const [metric, typical] of METRICS) {
    const whole = new Map()
    const wholeColumns = []
    for (const pool of [...KINDS.slice(0, 4), null]) {
      const bounds = new Map()
      const perColumn = []
      let sum = 0
      let max = 0
      if (pool) {
        for (let column = 0; column < columns; column++) {
          const here = new Map()
          const n = 20 + Math.floor(next() * 20)
          for (let i = 0; i < n; i++) {
            const slow = isBad(column) && next() < 0.2 ? 30 : 1
            const value = Math.round(typical * slow * Math.exp(normal() * 1.1))
            const times = 1 + Math.floor(next() * 40)
            here.set(bound(value), (here.get(bound(value)) ?? 0) + times)
            sum += value * times
            max = Math.max(max, value)
          }
          perColumn.push(here)
          for (const [upper, times] of here) {
            bounds.set(upper, (bounds.get(upper) ?? 0) + times)
            whole.set(upper, (whole.get(upper) ?? 0) + times)
            const merged = (wholeColumns[column] ??= new Map())
            merged.set(upper, (merged.get(upper) ?? 0) + times)
          }
        }
        whole.sum = (whole.sum ?? 0) + sum
        whole.max = Math.max(whole.max ?? 0, max)
      }
      const from = pool ? bounds : whole
      const uppers = [...from.keys()].sort((a, b) => a - b)
      const index = new Map(uppers.map((upper, i) => [upper, i]))
      const histogram = {
        metric,
        pool: pool?.name ?? null,
        operation: null,
        unit: 'ns',
        count: [...from.values()].reduce((a, b) => a + b, 0),
        sum: pool ? sum : whole.sum,
        max: pool ? max : whole.max,
        bounds: uppers,
        counts: uppers.map(upper => from.get(upper)),
        columns: (pool ? perColumn : wholeColumns).map((here, column) => [
          column,
          [...here].sort((a, b) => a[0] - b[0]).flatMap(([upper, times]) => [index.get(upper), times]),
        ]),
      }
      pool ? data.histograms.push(histogram) : data.histograms.unshift(histogram)
    }
  }
  const operations = [
    ['G1CollectForAllocation', true],
    ['G1PauseRemark', true],
    ['PrintThreads', false],
  ]
  for (let number = 1; number <= 240; number++) {
    const column = Math.floor((number / 241) * columns)
    const bad = isBad(column)
    const [operation, gc] = operations[next() < 0.85 ? 0 : next() < 0.5 ? 1 : 2]
    const working = Math.round(8e6 * Math.exp(normal() * 0.5))
    const noCpu = bad ? Math.round(60e6 * Math.exp(normal() * 0.6)) : Math.round(next() * 2e6)
    const reaching = Math.round(100e3 * Math.exp(normal()))
    const threadsOf = ['VM Thread', 'GC Thread#0', 'GC Thread#1'].map((name, i) => ({
      tid: 4800 + i,
      name,
      role: i ? 'gc' : 'vm',
      timesNs: i
        ? { running: Math.round(working / 2), runnable: noCpu, blocked_vm: Math.round(working / 2) + reaching }
        : { running: 500000, blocked_vm: working + noCpu + reaching - 500000 },
      minorFaults: 700,
      majorFaults: 1,
      occupants: i
        ? [
            { kind: 'process', who: 'sha256sum', ns: Math.round(noCpu * 0.9) },
            { kind: 'own', who: 'own', ns: Math.round(noCpu * 0.1) },
          ]
        : [],
    }))
    threadsOf.push({
      tid: 4730,
      name: 'order-worker-1',
      role: 'late',
      timesNs: { running: 20000, runnable: reaching - 20000 },
      occupants: [{ kind: 'own', who: 'own', ns: reaching - 20000 }],
    })
    data.pauses.push({
      number,
      atMs: Math.round(fromMs + (number / 241) * seconds * 1000),
      operation,
      gc,
      totalNs: working + noCpu + reaching,
      timeToSafepointNs: reaching,
      incomplete: number === 13,
      partsNs: { reaching, working, no_cpu: noCpu },
      threads: threadsOf,
    })
  }
  const code = [
    'java.base/jdk.internal.misc.Unsafe.park(Native Method)',
    'java.base/java.util.concurrent.locks.LockSupport.park(LockSupport.java:221)',
    'com.example.cache.SessionCache.get(SessionCache.java:23)',
    'com.example.shop.OrderController.post(OrderController.java:88)',
    'com.example.store.Journal.flush(Journal.java:97)',
    'java.base/sun.nio.ch.UnixFileDispatcherImpl.force0(Native Method)',
    'com.example.store.Store.put(Store.java:41)',
    'com.example.web.Dispatcher.handle(Dispatcher.java:12)',
    'java.base/sun.nio.ch.SocketDispatcher.read0(Native Method)',
    'com.example.db.Query.run(Query.java:55)',
    'java.base/java.lang.Thread.run(Thread.java:1583)',
    `${EVIL}.evil(Evil.java:1)`,
  ]
  data.frames = code
  const stacks = {
    blocked_monitor: [2, 3, 7, 10],
    blocked_disk: [5, 4, 6, 3, 7, 10],
    blocked_socket: [8, 9, 3, 7, 10],
    blocked_park: [0, 1, 9, 7, 10],
    blocked_other: [11, 10],
  }
  for (let number = 1; number <= 900; number++) {
    const place = number / 901
    const bad = isBad(Math.floor(place * columns))
    const metric = [
      'blocked_monitor',
      'blocked_disk',
      'blocked_socket',
      'blocked_park',
      'runnable',
      'file_sync',
      'blocked_other',
    ][Math.floor(next() * (number % 50 ? 6 : 7))]
    const thread = data.threads[Math.floor(next() * 24)]
    data.events.push({
      number,
      atMs: Math.round(fromMs + place * seconds * 1000),
      metric,
      durationNs: Math.round(12e6 * (bad ? 4 : 1) * Math.exp(Math.abs(normal()))),
      thread: { tid: thread.tid, javaId: thread.javaId, name: thread.name, pool: thread.pool },
      // As attach-cli makes it: numbers that are 0 are left out.
      ...(cpu => (cpu ? { cpu } : {}))(Math.floor(next() * 4)),
      on:
        metric === 'blocked_disk'
          ? { syscall: 'fsync', path: '/srv/app/data/journal.000017' }
          : metric === 'blocked_socket'
            ? { syscall: 'read', address: '10.0.0.7:5432' }
            : {},
      ...(metric === 'runnable'
        ? { behind: { who: 'process', id: 99, name: 'sha256sum' } }
        : { wokenBy: { who: 'own', id: 4713, name: 'http-nio-8080-exec-2' } }),
      stack: next() < 0.8 ? (stacks[metric] ?? []) : [],
      ...(number % 3 ? {} : { context: 'POST /orders > com.example.store.Store.put' }),
    })
  }
  for (const [name, kind, n] of [
    ['POST /orders', 'request', 23000],
    ['GET /items/{id}', 'request', 81000],
    ['com.example.store.Store.put', 'method', 23000],
    ['select * from items where id = ?', 'statement', 81000],
    [EVIL, 'api', 7],
  ]) {
    const mix = STATES.map((_, i) => Math.round(n * 1e6 * next() * (i < 3 || i === 10 || i === 11 ? 1 : 0)))
    data.contexts.push({ name, kind, count: n, inclusiveNs: mix, exclusiveNs: mix.map(ns => Math.round(ns * 0.6)) })
  }
  data.outsideNs[0] = 5e11
  data.disks.push({
    name: 'nvme0n1',
    major: 259,
    minor: 0,
    uses: [
      {
        by: 'host',
        operation: 'write',
        requests: 31234,
        bytes: 2 ** 31,
        queueNs: 21e7,
        deviceNs: 21e9,
        maxDeviceNs: 15e7,
        sequential: 100,
      },
      {
        by: 'kernel',
        operation: 'flush',
        requests: 900,
        bytes: 0,
        queueNs: 3e6,
        deviceNs: 2e9,
        maxDeviceNs: 2e7,
        sequential: 0,
      },
    ],
  })
  data.remotes.push({
    direction: 'outgoing',
    address: '10.0.0.7',
    port: 5432,
    open: 10,
    begun: 3,
    found: 8,
    closed: 1,
    failed: 0,
    retransmits: 4,
    resetsReceived: 0,
    resetsSent: 1,
    bytesSent: 1234567,
    bytesReceived: 98765432,
    rtt: { count: 60, sumNs: 3e7, minNs: 25e4, maxNs: 2e6, lastNs: 48e4 },
  })
  for (let column = 0; column < columns; column += Math.max(1, Math.floor(columns / 120))) {
    const { total } = data.cost.at(-1) ?? data.status.cost
    const cost = costOf(15e7 + Math.round(next() * 4e7), {
      wallNs: total.wallNs + 30e9,
      hostCpuNs: total.hostCpuNs + 12e10,
      threadCpuNs: total.threadCpuNs + 6e7,
      programNs: total.programNs + 8e8,
    })
    data.cost.push({ atMs: data.columns[column][1], ...cost })
  }
  return data
}
