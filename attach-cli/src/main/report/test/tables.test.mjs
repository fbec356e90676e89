// What the page says of the agent, contexts, disks, connections and events, against the data. Called by test-report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, facts, hour, onData, onPage, rows } from './browser.mjs'
import { grouped, size, written } from './numbers.mjs'
import { sample } from './sample.mjs'

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
