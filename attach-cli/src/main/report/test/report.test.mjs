// What the page does, and its first screen. Called by test-report as the other tests are, with the template in
// REPORT_TEMPLATE; a page that attach-cli has made may be in REPORT_PAGE, and of what in REPORT_RECORDING.
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { HOUR, TEMPLATE, directory, drag, hour, onData, onPage, rows, text } from './browser.mjs'
import { percentile, written } from './numbers.mjs'
import { writePage } from './page.mjs'
import { PAGE, lines } from './recording.mjs'
import { EVIL, STATES, sample } from './sample.mjs'

test('the page has at most 400 KB without data', () => {
  assert.ok(statSync(TEMPLATE).size <= 400_000)
})

test('an hour of 50 threads opens in under two seconds, without a complaint or a request', async () => {
  const full = join(directory, 'full.html')
  const bytes = writePage(TEMPLATE, sample(), 'an hour', full)
  let best = Infinity
  for (let i = 0; i < 3 && best > 2000; i++) {
    await onPage(full, async page => {
      best = Math.min(best, Number(await page.evaluate(() => document.documentElement.dataset.ready)))
    })
  }
  console.log(`${bytes} bytes opened in ${best} ms`)
  assert.ok(best < 2000, `${best} ms`)
})

test('names stay text, the title too', async () => {
  await onPage(HOUR, async page => {
    assert.equal(await page.title(), '<b>shop</b> & co')
    assert.equal(await text(page, 'h1'), '<b>shop</b> & co')
    assert.equal(await page.locator('img, h1 b, iframe, object').count(), 0)
    const pools = await rows(page, 'Pools')
    assert.ok(pools.some(([name]) => name === EVIL))
    await page.locator('.more').first().click()
    assert.ok((await page.locator('.lane .name .text').allInnerTexts()).includes(EVIL))
    await page.selectOption('#event-metric', 'blocked_other')
    assert.match(await page.locator('.flame [role=treeitem]').last().getAttribute('aria-label'), /^<script>/)
    assert.equal(await page.locator('body script').count(), 0)
  })
})

test('the first screen says what the data say', async () => {
  await onPage(HOUR, async page => {
    const total = state => hour.pools.reduce((sum, pool) => sum + pool.totalNs[STATES.indexOf(state)], 0)
    const tiles = await page.locator('.tile').allInnerTexts()
    assert.ok(tiles[0].includes((total('running') / hour.wallNs).toFixed(2)), tiles[0])
    assert.ok(tiles[1].includes((total('runnable') / hour.wallNs).toFixed(2)), tiles[1])
    const longest = Math.max(...hour.pauses.map(pause => pause.totalNs))
    assert.ok(
      tiles.some(
        tile =>
          tile.startsWith('Stood still') &&
          tile.includes('240 pauses') &&
          tile.includes(`longest ${written(longest)}, `),
      ),
      tiles.join(),
    )
    const slowest = Math.max(...hour.events.map(event => event.durationNs))
    assert.ok(tiles.some(tile => tile.startsWith('Slowest') && tile.includes(written(slowest))))
    assert.match(await text(page, '.trust'), /missed_wakeups 5/)
    const chip = await text(page, '[data-state=runnable]')
    assert.ok(chip.includes((total('runnable') / hour.wallNs).toFixed(2)), chip)
  })
})

test('percentiles are those of the data, of all time and of a stretch', async () => {
  await onPage(HOUR, async page => {
    await page.selectOption('#metric', 'blocked_disk')
    const of = hour.histograms.filter(each => each.metric === 'blocked_disk')
    const whole = of.find(each => !each.pool)
    const shares = [0.5, 0.9, 0.99, 0.999]
    const expected = (histogram, counts, max, mean) => [
      counts.reduce((sum, each) => sum + each[1], 0).toLocaleString('en-GB'),
      mean,
      ...shares.map(share => written(percentile(counts, share, max))),
      written(max),
    ]
    for (const row of await rows(page, 'Percentiles by pool')) {
      const histogram = of.find(each => (each.pool ?? 'whole process') === row[0])
      const counts = histogram.bounds.map((bound, i) => [bound, histogram.counts[i]])
      assert.deepEqual(
        row.slice(1),
        expected(histogram, counts, histogram.max, written(histogram.sum / histogram.count)),
        row[0],
      )
    }
    await drag(page, '.lane .u-over', 0.3, 0.5)
    const chosen = await text(page, '.clear')
    const [from, to] = chosen.match(/\d\d:\d\d:\d\d/g).map(clock => Date.parse(`2026-11-21T${clock}Z`))
    const counts = new Map()
    for (const [column, pairs] of whole.columns) {
      if (hour.columns[column][0] >= from && hour.columns[column][1] <= to) {
        for (let i = 0; i < pairs.length; i += 2) {
          counts.set(whole.bounds[pairs[i]], (counts.get(whole.bounds[pairs[i]]) ?? 0) + pairs[i + 1])
        }
      }
    }
    assert.ok(counts.size > 10)
    const row = (await rows(page, 'Percentiles by pool')).find(each => each[0] === 'whole process')
    const max = Math.min(whole.max, Math.max(...counts.keys()))
    assert.deepEqual(row.slice(1), expected(whole, [...counts], max, '–'))
    const pauses = hour.pauses.filter(pause => pause.atMs >= from && pause.atMs < to)
    assert.equal(await text(page, '.marks .says'), `${pauses.length}; 12 others are not listed`)
    await page.locator('.clear').click()
    assert.equal(await page.locator('.clear').count(), 0)
    assert.equal(await text(page, '.marks .says'), '240; 12 others are not listed')
  })
})

test('a pool chosen in the timeline is chosen everywhere', async () => {
  await onPage(HOUR, async page => {
    await page.locator('.lane .name', { hasText: 'order-worker-#' }).click()
    assert.equal(await page.inputValue('#pool'), 'order-worker-#')
    const threads = await rows(page, 'Threads')
    assert.equal(threads.length, 8)
    assert.ok(threads.every(([name]) => name.startsWith('order-worker-')))
    await page.selectOption('#event-metric', '')
    const events = hour.events.filter(event => event.thread.pool === 'order-worker-#')
    assert.match(
      await text(page, '#events .lead + .lead, #events .body > .lead'),
      new RegExp(`^${events.length} events`),
    )
    await page.locator('.clear', { hasText: 'pool' }).click()
    assert.equal(await page.inputValue('#pool'), '')
  })
})

test('a pause opens by click and by key, with what it consisted of', async () => {
  await onPage(HOUR, async page => {
    const longest = hour.pauses.reduce((a, b) => (b.totalNs > a.totalNs ? b : a))
    await page.locator('.tile', { hasText: 'Stood still' }).click()
    assert.equal(await text(page, '#pauses h3'), `${longest.operation}, ${written(longest.totalNs)}`)
    for (const [part, label] of [
      ['working', 'working'],
      ['no_cpu', 'no CPU'],
      ['reaching', 'reaching the safepoint'],
    ]) {
      assert.match(
        await text(page, '#pauses .parts'),
        new RegExp(`${written(longest.partsNs[part]).replace('.', '\\.')} ${label}`),
      )
    }
    const threads = await rows(page, 'Threads in this pause')
    assert.deepEqual(
      threads.map(row => row[1]),
      ['VM Thread', 'GC Thread#0', 'GC Thread#1', 'order-worker-1'],
    )
    assert.deepEqual(
      [threads[3][0], threads[3][5]],
      ['late', `own threads ${written(longest.threads[3].occupants[0].ns)}`],
    )
    assert.ok(threads[1][5].startsWith(`sha256sum ${written(longest.threads[1].occupants[0].ns)}`), threads[1][5])
    const lane = page.locator('.marks .plot').first()
    await lane.focus()
    await page.keyboard.press('ArrowRight')
    const next = hour.pauses[hour.pauses.indexOf(longest) + 1]
    assert.equal(await text(page, '#pauses h3'), `${next.operation}, ${written(next.totalNs)}`)
    const box = await page.locator('.marks .u-over').first().boundingBox()
    const third = hour.pauses[2]
    await page.mouse.click(
      box.x + (box.width * (third.atMs - hour.fromMs)) / (hour.toMs - hour.fromMs),
      box.y + box.height - 4,
    )
    assert.equal(await text(page, '#pauses h3'), `${third.operation}, ${written(third.totalNs)}`)
    await page.locator('#pauses table').first().locator('tbody tr').nth(1).click()
    const second = [...hour.pauses].sort((a, b) => b.totalNs - a.totalNs)[1]
    assert.equal(await text(page, '#pauses h3'), `${second.operation}, ${written(second.totalNs)}`)
  })
})

test('headings sort, and all rows come when asked for', async () => {
  await onPage(HOUR, async page => {
    const table = page.locator('table:has(caption:text-is("Threads"))')
    assert.equal((await rows(page, 'Threads')).length, 30)
    await page.locator('.table', { has: table }).locator('.more').click()
    const all = await rows(page, 'Threads')
    assert.equal(all.length, hour.threads.length)
    await table.locator('th button', { hasText: 'Ran' }).click()
    const ran = (await rows(page, 'Threads')).map(row => row[0])
    const expected = [...hour.threads].sort((a, b) => b.totalNs[0] - a.totalNs[0])
    assert.equal(hour.threads.find(each => each.name === ran[0]).totalNs[0], expected[0].totalNs[0])
    assert.equal(await table.locator('th[aria-sort=descending]').innerText(), 'Ran')
    await table.locator('th button', { hasText: 'Ran' }).click()
    assert.equal(await table.locator('th[aria-sort=ascending]').innerText(), 'Ran')
    await page.fill('#thread-filter', 'kafka')
    assert.deepEqual(
      (await rows(page, 'Threads')).map(row => row[0]),
      ['kafka-consumer'],
    )
  })
})

test('the flame graph adds up, zooms and is searched', async () => {
  await onPage(HOUR, async page => {
    const blocked = hour.events.filter(event => event.metric.startsWith('blocked_') && event.stack.length)
    const sum = of => of.reduce((total, event) => total + event.durationNs, 0)
    const labels = await page
      .locator('.flame button')
      .evaluateAll(all => all.map(each => each.getAttribute('aria-label')))
    assert.equal(
      labels.find(label => label.startsWith('all,')),
      `all, ${written(sum(blocked))}`,
    )
    const disk = blocked.filter(event => event.metric === 'blocked_disk')
    assert.ok(labels.includes(`disk, ${written(sum(disk))}`))
    const frame = page.locator('.flame button', { hasText: 'Journal.flush' })
    const narrow = (await frame.boundingBox()).width
    await frame.click()
    assert.ok((await frame.boundingBox()).width > narrow * 1.5)
    await page.keyboard.press('ArrowUp')
    assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /Store.put/)
    await page.keyboard.press('Escape')
    assert.ok(Math.abs((await frame.boundingBox()).width - narrow) < 2)
    await page.fill('#flame-search', 'journal')
    assert.equal(await page.locator('.flame .found').count(), 1)
    assert.ok((await text(page, '.flamebox [role=status]')).startsWith(`${written(sum(disk))},`))
    await page.fill('#flame-search', 'nosuchframe')
    assert.equal(await text(page, '.flamebox [role=status]'), 'nothing fits')
  })
})

test('a slow event shows its stack and for what it waited', async () => {
  await onPage(HOUR, async page => {
    await page.selectOption('#event-metric', 'blocked_disk')
    const slowest = hour.events
      .filter(event => event.metric === 'blocked_disk')
      .sort((a, b) => b.durationNs - a.durationNs)
    const withStack = slowest.findIndex(event => event.stack.length)
    await page.locator('#events table tbody tr').nth(withStack).click()
    const detail = await text(page, '#events .anatomy')
    assert.ok(detail.includes(written(slowest[withStack].durationNs)))
    assert.match(detail, /fsync \/srv\/app\/data\/journal\.000017/)
    assert.match(detail, /com\.example\.store\.Journal\.flush\(Journal\.java:97\)/)
    await page.locator('.tile', { hasText: 'Slowest' }).click()
    const first = hour.events.reduce((a, b) => (b.durationNs > a.durationNs ? b : a))
    assert.ok((await text(page, '#events .anatomy')).includes(written(first.durationNs)))
  })
})

test('states are drawn as chosen, and the colours follow the theme', async () => {
  await onPage(HOUR, async page => {
    const pressed = () => page.locator('.chip[aria-pressed=true]').count()
    const image = () =>
      page
        .locator('.lane canvas')
        .first()
        .evaluate(canvas => canvas.toDataURL())
    const first = await image()
    const few = await pressed()
    await page.locator('.preset', { hasText: 'All time' }).click()
    assert.ok((await pressed()) > few)
    await page.waitForTimeout(50)
    assert.notEqual(await image(), first)
    await page.locator('[data-state=blocked_park]').click()
    assert.equal(await page.locator('[data-state=blocked_park]').getAttribute('aria-pressed'), 'false')
    const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const before = await image()
    await page.locator('.theme').click()
    await page.waitForTimeout(50)
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), light)
    assert.notEqual(await image(), before)
    const box = await page.locator('.lane .u-over').first().boundingBox()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    assert.match(await text(page, '#time .now'), /^http-nio-8080-exec-#, \d\d:\d\d:\d\d/)
    // The middle is the border of two columns.
    const shown = (await text(page, '[data-state=running]')).match(/[\d.]+$/)[0]
    const near = [59, 60].map(column => hour.pools[0].series.running[column] / 30e9)
    assert.ok(
      near.some(each => (each >= 9.995 ? each.toFixed(1) : each.toFixed(2)) === shown),
      `${shown} of ${near}`,
    )
  })
})

test('prints on A4, light, and goes back to what it was', async () => {
  await onPage(HOUR, async page => {
    await page.locator('.theme').click()
    const theme = await page.evaluate(() => document.documentElement.dataset.theme)
    const pdf = await page.pdf({ format: 'A4' })
    assert.ok(pdf.length > 50_000)
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme)
    assert.equal(await page.evaluate(() => document.documentElement.classList.contains('printing')), false)
  })
})

test('nothing is wider than a telephone', async () => {
  await onPage(
    HOUR,
    async page => {
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390)
    },
    { width: 390 },
  )
})

test('a recording in which next to nothing was kept', async () => {
  const data = {
    ...sample({ columns: 1, seconds: 1 }),
    histograms: [],
    pauses: [],
    missingPauses: 0,
    events: [],
    missingEvents: 0,
    frames: [],
    contexts: [],
    disks: [],
    remotes: [],
    cost: [],
    losses: {},
    threads: [],
    end: 'cut',
  }
  await onData(data, async page => {
    assert.match(await text(page, 'header p'), /was cut/)
    assert.match(await text(page, '.trust'), /Nothing was lost/)
    assert.match(await text(page, '#events'), /No slow event with a stack/)
  })
  await onData({ ...data, pools: [] }, async page => {
    assert.match(await text(page, '.tile'), /0/)
  })
})

test('keys that a later version adds, and states that this one does not know', async () => {
  const data = sample({ columns: 10, seconds: 10 })
  data.states = [...STATES, 'blocked_new']
  data.pools[0].totalNs = [...data.pools[0].totalNs, 5e9]
  data.pools[0].series.blocked_new = new Array(10).fill(5e8)
  data.another = { key: 1 }
  await onData(data, async page => {
    assert.match(await text(page, '[data-state=blocked_new]'), /new 0\.50/)
  })
})

test('data that cannot be shown are told in a sentence', async () => {
  await onData(
    { schema: 2 },
    async page => {
      assert.match(await text(page, '[role=alert]'), /schema 2/)
    },
    { expectFailure: true },
  )
  await onData(
    { ...sample({ columns: 1, seconds: 1 }), columns: [] },
    async page => {
      assert.match(await text(page, '[role=alert]'), /ended before its first interval/)
    },
    { expectFailure: true },
  )
  const cut = join(directory, 'cut.html')
  writeFileSync(cut, readFileSync(HOUR, 'utf8').replace(/(id="data">.{5000})[^<]*/, '$1'))
  await onPage(
    cut,
    async page => {
      assert.match(await text(page, '[role=alert]'), /damaged/)
    },
    { expectFailure: true },
  )
  await onPage(
    TEMPLATE,
    async page => {
      assert.match(await text(page, '[role=alert]'), /damaged/)
    },
    { expectFailure: true },
  )
})

test(
  'a page that attach-cli has made shows the numbers of its recording',
  { skip: !PAGE },
  async () => {
    const { begin, intervals } = lines()
    const histograms = new Map()
    for (const each of intervals.flatMap(interval => interval.histograms)) {
      const key = [each.metric, each.operation ?? '', each.pool ?? 'whole process'].join('\n')
      const sum = histograms.get(key) ?? { counts: new Map(), max: 0, unit: each.unit }
      each.buckets.forEach(([bound, count]) => sum.counts.set(bound, (sum.counts.get(bound) ?? 0) + count))
      sum.max = Math.max(sum.max, each.max)
      histograms.set(key, sum)
    }
    const times = new Map()
    for (const thread of intervals.flatMap(interval => interval.threads)) {
      const all = Object.values(thread.timesNs).reduce((sum, ns) => sum + ns, 0)
      times.set(String(thread.tid), (times.get(String(thread.tid)) ?? 0) + all)
    }
    await onPage(PAGE, async page => {
      assert.ok((await text(page, 'header p')).startsWith(`${begin.name}, PID ${begin.pid}.`))
      for (const button of await page.locator('.table .more:visible').all()) {
        await button.click()
      }
      let compared = 0
      for (const option of await page.locator('#metric option').evaluateAll(all => all.map(each => each.value))) {
        await page.selectOption('#metric', option)
        for (const row of await rows(page, 'Percentiles by pool')) {
          const key = `${option.includes('\n') ? option : `${option}\n`}\n${row[0]}`
          const { counts, max, unit } = histograms.get(key)
          assert.equal(row[1], [...counts.values()].reduce((sum, n) => sum + n, 0).toLocaleString('en-GB'), key)
          if (unit === 'ns') {
            assert.deepEqual(
              [row[3], row[5], row[7]],
              [written(percentile(counts, 0.5, max)), written(percentile(counts, 0.99, max)), written(max)],
              key,
            )
          }
          compared++
        }
      }
      assert.equal(compared, histograms.size)
      const threads = await rows(page, 'Threads')
      assert.ok(threads.length > 10)
      for (const row of threads) {
        assert.equal(row[2], written(times.get(row[1])), row[0])
      }
      const pauses = intervals.flatMap(interval => interval.pauses).sort((a, b) => b.totalNs - a.totalNs)
      assert.equal((await rows(page, 'Longest pauses')).length, pauses.length || 1)
      if (pauses.length) {
        assert.equal(await text(page, '#pauses h3'), `${pauses[0].operation}, ${written(pauses[0].totalNs)}`)
      }
    })
  },
)

test('a stretch of time is chosen with keys as well', async () => {
  await onPage(HOUR, async page => {
    const chosen = () => text(page, '.clear')
    await page.locator('.lanes').focus()
    await page.keyboard.press('+')
    assert.match(await chosen(), /^02:15:00 – 02:45:00/)
    await page.keyboard.press('ArrowRight')
    assert.match(await chosen(), /^02:22:30 – 02:52:30/)
    await page.keyboard.press('-')
    assert.equal(await page.locator('.clear').count(), 0)
    await page.keyboard.press('+')
    await page.keyboard.press('0')
    assert.equal(await page.locator('.clear').count(), 0)
    await page.keyboard.press('+')
    const ran = hour.pools.reduce(
      (sum, pool) => sum + (pool.series.running ?? []).slice(30, 90).reduce((a, b) => a + b, 0),
      0,
    )
    assert.ok((await text(page, '.tile')).includes((ran / 1800e9).toFixed(2)), String(ran))
  })
})
