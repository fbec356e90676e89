// What the page says of the agent, contexts, disks, connections and events, against the data. Called by test-report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facts, onData } from './browser.mjs'
import { sample } from './sample.mjs'

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
