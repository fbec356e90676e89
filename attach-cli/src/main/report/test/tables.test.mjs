// What the page says of the agent, contexts, disks, connections and events, against the data. Called by test-report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, facts, hour, onData, onPage, rows, text } from './browser.mjs'
import { grouped, share, size, sumOf, written } from './numbers.mjs'
import { PAGE, recorded } from './recording.mjs'
import { sample } from './sample.mjs'

/** What of the agent a page must say: its cost, and what was recorded with which settings. */
function agentFacts({ jvm, machine, attachCli, status, cost, fromMs, toMs, intervals, columns }) {
  const last = cost.at(-1)
  const own = of => of.threadCpuNs + of.programNs
  const { total } = status.cost
  const took = (own(last.total) - own(total)) / (last.total.hostCpuNs - total.hostCpuNs)
  const most = Math.max(...cost.map(each => each.share))
  return {
    took: share(took),
    cost: {
      'Share of the JVM’s CPU time':
        `${share(took)} in the mean` + (cost.length > 1 ? `, at most ${share(most)} in any five seconds or less` : ''),
      'May be at most': share(last.maxShare),
      [`In the last ${written(last.wallNs)}`]:
        `${written(last.threadCpuNs)} of its threads, ${written(last.programNs)} of its programs in the kernel`,
      'Programs known by': last.programsKnownBy,
      'Kernel memory': size(last.kernelMemoryBytes),
      'Allocated in the heap': `${size(last.allocatedBytesPerSecond)} a second`,
    },
    settings: {
      PID: String(jvm.pid),
      Name: jvm.name,
      ...(machine ? { Kernel: machine.kernel, CPUs: String(machine.cpus), JDK: machine.jdk } : {}),
      Agent: status.version,
      State: status.state,
      Arguments: status.arguments,
      Recorded: `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`,
      'Attach-cli': attachCli,
      Intervals: `${grouped(intervals)}, shown in ${columns.length} columns`,
    },
  }
}

/** The part of the page about the agent, and the line on the first screen that sums it up. */
async function assertAgent(page, data) {
  const { took, cost, settings } = agentFacts(data)
  assert.deepEqual(await facts(page, '#agent .pair'), cost)
  assert.deepEqual(await facts(page, '#agent h3:text-is("JVM, kernel and settings") + dl'), settings)
  const losses = Object.entries(data.losses)
    .filter(each => each[1])
    .sort((a, b) => b[1] - a[1])
  assert.deepEqual(
    await rows(page, 'Losses'),
    losses.map(([key, value]) => [key, grouped(value)]),
  )
  const told = losses.slice(0, 3).map(([key, value]) => `${key} ${grouped(value)}`)
  assert.equal(
    await text(page, '.trust'),
    `May be missing: ${told.join(', ')}. The agent took ${took} of the JVM’s CPU time.`,
  )
  const attached = data.status.probes.filter(each => each.status === 'attached').map(each => each.name)
  assert.equal(await page.locator('#agent .lead').last().textContent(), `Attached: ${attached.join(', ')}.`)
  const missing = data.status.probes.filter(each => each.status !== 'attached')
  assert.deepEqual(
    await facts(page, '#agent h3:text-is("Probes that were not there") + dl'),
    Object.fromEntries(missing.map(each => [each.name, `${each.status}: ${each.detail}`])),
  )
}

/** The table of contexts, and how the bars in it are divided. */
async function assertContexts(page, { contexts, outsideNs }) {
  const table = await rows(page, 'Contexts')
  assert.equal(table.length, contexts.length)
  const bars = await page
    .locator('table:has(caption:text-is("Contexts")) tbody tr .bar')
    .evaluateAll(all => all.map(bar => [...bar.children].map(each => [each.title, parseFloat(each.style.width)])))
  table.forEach((row, i) => {
    const { name, kind, count, inclusiveNs, exclusiveNs } = contexts.find(
      each => each.name === row[0] && each.kind === row[1],
    )
    const all = sumOf(inclusiveNs)
    assert.deepEqual(row, [
      name,
      kind,
      grouped(count),
      written(all / count),
      written(all),
      '',
      share(inclusiveNs[0] / all),
      written(sumOf(exclusiveNs)),
    ])
    const byLength = (a, b) => b[1] - a[1]
    const parts = inclusiveNs.map(ns => [`${written(ns)} (${share(ns / all)})`, (100 * ns) / all])
    const expected = parts.filter(each => each[1] >= 0.05).sort(byLength)
    assert.equal(bars[i].length, expected.length, name)
    bars[i].sort(byLength).forEach(([title, width], k) => {
      assert.ok(title.endsWith(expected[k][0]) && Math.abs(width - expected[k][1]) < 0.01, `${name}: ${title} ${width}`)
    })
  })
  assert.equal(
    await page.locator('#contexts .lead').last().textContent(),
    `In none of them: ${written(sumOf(outsideNs))}, of that ${written(outsideNs[0])} running.`,
  )
}

const BY = { host: 'this JVM', kernel: 'the kernel', other: 'other processes' }

const named = ({ direction, address, port }) =>
  address === null
    ? `all other ${direction}`
    : port === 0
      ? address
      : address.includes(':')
        ? `[${address}]:${port}`
        : `${address}:${port}`

/** The tables of disks and of connections. */
async function assertMachine(page, { disks, remotes }) {
  const each = (ns, count) => (count ? written(ns / count) : '–')
  assert.deepEqual(
    (await rows(page, 'Requests to disks')).sort(),
    disks
      .flatMap(disk => disk.uses.map(use => [disk.name, use]))
      .map(([name, use]) => [
        name,
        BY[use.by],
        use.operation,
        grouped(use.requests),
        size(use.bytes),
        each(use.queueNs, use.requests),
        each(use.deviceNs, use.requests),
        written(use.maxDeviceNs),
      ])
      .sort(),
  )
  assert.deepEqual(
    (await rows(page, 'TCP connections')).sort(),
    remotes
      .map(of => [
        named(of),
        of.direction,
        grouped(of.open),
        grouped(of.begun),
        grouped(of.failed),
        grouped(of.retransmits),
        grouped(of.resetsReceived + of.resetsSent),
        size(of.bytesSent),
        size(of.bytesReceived),
        each(of.rtt.sumNs, of.rtt.count),
      ])
      .sort(),
  )
}

test('the agent is that of the data: its cost, its losses and its settings', async () => {
  await onPage(HOUR, async page => {
    await assertAgent(page, hour)
    assert.equal(await page.locator('#agent canvas').count(), 1)
  })
  const data = { ...sample({ columns: 3, seconds: 3 }), losses: { torn_rows: 0, a: 1, b: 2345, c: 3, d: 4 } }
  data.cost[2].note = 'max-cost=5%: stacks are off'
  data.cost[2].maxShare = null
  await onData(data, async page => {
    const cost = await facts(page, '#agent .pair')
    assert.deepEqual([cost['It said'], cost['May be at most']], [data.cost[2].note, 'anything'])
    assert.match(await text(page, '.trust'), /^May be missing: b 2,345, d 4, c 3 and 1 more\./)
  })
})

test('contexts are those of the data', async () => {
  await onPage(HOUR, page => assertContexts(page, hour))
})

test('disks and connections are those of the data, by the names that attach-cli has for them', async () => {
  await onPage(HOUR, page => assertMachine(page, hour))
  const data = sample({ columns: 3, seconds: 3 })
  data.remotes = [
    { address: null, rtt: { count: 0, sumNs: 0 } },
    { port: 0, resetsReceived: 3 },
    { address: '2001:db8::7' },
    { address: '2001:db8::8', port: 0 },
  ].map(each => ({ ...hour.remotes[0], ...each }))
  await onData(data, async page => {
    await assertMachine(page, data)
    assert.ok((await rows(page, 'TCP connections')).some(([name]) => name === '[2001:db8::7]:5432'))
  })
})

test('numbers that are not there are 0', async () => {
  const data = sample({ columns: 3, seconds: 3 })
  const [event] = data.events
  data.events = [
    { ...event, cpu: undefined, metric: 'block_write', on: { device: 'nvme0n1', bytes: 4096 } },
    { ...event, cpu: 3, metric: 'block_flush', durationNs: 1e6, on: { device: 'nvme0n1', sector: 8 } },
  ]
  await onData(data, async page => {
    await page.locator('.tile', { hasText: 'Slowest' }).click()
    const first = await facts(page, '#events .anatomy')
    assert.deepEqual([first.CPU, first.On], ['0', 'nvme0n1 sector 0, 4096 bytes'])
    await page.selectOption('#event-metric', 'block_flush')
    const second = await facts(page, '#events .anatomy')
    assert.deepEqual([second.CPU, second.On], ['3', 'nvme0n1 sector 8, 0 bytes'])
  })
})

test('tables of a page that attach-cli has made show what was recorded', { skip: !PAGE }, async () => {
  const data = recorded()
  assert.ok(data.contexts.length > 3 && data.disks.length && data.remotes.length && data.cost.length)
  await onPage(PAGE, async page => {
    for (const button of await page.locator('.table .more:visible').all()) {
      await button.click()
    }
    await assertAgent(page, data)
    await assertContexts(page, data)
    await assertMachine(page, data)
  })
})
