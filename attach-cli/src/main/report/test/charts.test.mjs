// What the charts draw and say of the place at which the mouse points, against the data. Called by test-report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, hour, onData, onPage, point, text } from './browser.mjs'
import { clock, grouped, mean, percentile, sumOf, written } from './numbers.mjs'
import { PAGE, recorded } from './recording.mjs'
import { STATES, sample } from './sample.mjs'

/** Edges of the heat map's rows: four to each power of two, from 64 ns up, and 0. */
const EDGES = [0]
for (let power = 6; power < 40; power++) {
  EDGES.push(...[1, 1.25, 1.5, 1.75].map(each => each * 2 ** power).filter(each => each % 64 === 0))
}

/** Reads the heat map in the middle of a column from top to bottom: what each row says of the time and its values. */
async function cellsOf(page, across) {
  const edges = new Map(EDGES.map(each => [written(each), each]))
  const plot = page.locator('.heat .u-over')
  await plot.scrollIntoViewIfNeeded()
  const { height } = await plot.boundingBox()
  const told = new Set()
  for (let down = 1; down < height; down += 3) {
    await point(page, plot, across, down / height)
    told.add(await text(page, '.heat .at'))
  }
  return [...told].map(each => {
    const [, time, low, high, count] = each.match(/^(\S+ – \S+), (.+) to (.+): ([\d,]+)$/) ?? []
    assert.ok(edges.has(low) && edges.has(high), each)
    return { time, low: edges.get(low), high: edges.get(high), count: Number(count.replaceAll(',', '')) }
  })
}

/** What cells say is what the counts by bound have in that column, all of it and each by itself. */
function assertCells(cells, counts, [from, to]) {
  assert.equal(sumOf(cells.map(each => each.count)), sumOf([...counts.values()]))
  for (const { time, low, high, count } of cells) {
    assert.equal(time, `${clock(from)} – ${clock(to)}`)
    const inside = [...counts].filter(([bound]) => bound >= low && bound < high)
    assert.equal(count, sumOf(inside.map(each => each[1])), `${low} to ${high}`)
  }
}

/** Where the middle of a column is on a time axis, as a share of its width. */
const middleOf = ({ fromMs, toMs, columns }, column) =>
  ((columns[column][0] + columns[column][1]) / 2 - fromMs) / (toMs - fromMs)

/** What a histogram counted in a column, by bound. */
const countsIn = (histogram, column) => {
  const pairs = histogram.columns.find(each => each[0] === column)[1]
  return new Map(pairs.flatMap((index, i) => (i % 2 ? [] : [[histogram.bounds[index], pairs[i + 1]]])))
}

/** How many values are in each row of the heat map. */
function byRow(counts) {
  const sums = new Map()
  for (const [bound, count] of counts) {
    const low = EDGES.findLast(each => each <= bound)
    sums.set(low, (sums.get(low) ?? 0) + count)
  }
  return [...sums.values()]
}

test('a cell of the heat map says what the data have of that time and size', async () => {
  await onPage(HOUR, async page => {
    await page.selectOption('#metric', 'blocked_disk')
    const of = hour.histograms.filter(each => each.metric === 'blocked_disk')
    for (const [pool, column] of [
      ['', 10],
      ['order-worker-#', 75],
    ]) {
      await page.selectOption('#pool', pool)
      const histogram = of.find(each => (each.pool ?? '') === pool)
      const cells = await cellsOf(page, middleOf(hour, column))
      assert.ok(cells.filter(each => each.count).length > 10)
      assertCells(cells, countsIn(histogram, column), hour.columns[column])
      const fullest = Math.max(...histogram.columns.flatMap(([each]) => byRow(countsIn(histogram, each))))
      assert.equal(await page.locator('.heat .scale').textContent(), `1  ${grouped(fullest)} in a cell`)
    }
  })
})

test('the smallest values have cells as wide as their buckets', async () => {
  const data = sample({ columns: 2, seconds: 2 })
  const bounds = [63, 127, 191, 255, 319, 1087]
  const counts = [5, 7, 11, 13, 17, 19]
  const columns = [[1, bounds.flatMap((_, i) => [i, counts[i]])]]
  const of = { metric: 'runnable', pool: null, operation: null, unit: 'ns', count: 72, sum: 9999, max: 1030 }
  data.histograms = [{ ...of, bounds, counts, columns }]
  await onData(data, async page => {
    const cells = await cellsOf(page, middleOf(data, 1))
    assertCells(cells, countsIn(data.histograms[0], 1), data.columns[1])
    assert.deepEqual(
      cells
        .filter(each => each.count)
        .map(each => [each.low, each.high, each.count])
        .reverse(),
      [
        [0, 64, 5],
        [64, 128, 7],
        [128, 192, 11],
        [192, 256, 13],
        [256, 320, 17],
        [1024, 1280, 19],
      ],
    )
  })
})

/** What may stand for a percentile between these two shares. */
function valuesBetween({ bounds, counts, max }, low, high) {
  const pairs = bounds.map((bound, i) => [bound, counts[i]])
  const from = percentile(pairs, Math.max(0, low), max)
  const to = percentile(pairs, Math.min(1, high), max)
  return bounds
    .map(bound => Math.min(bound, max))
    .filter(each => each >= from && each <= to)
    .map(written)
}

test('the curves have the percentiles of the data, each nine as wide as the one before', async () => {
  await onPage(HOUR, async page => {
    await page.selectOption('#metric', 'runnable')
    const of = hour.histograms.filter(each => each.metric === 'runnable')
    const nines = Math.log10(Math.max(...of.map(each => each.count)))
    const plot = page.locator('.curves .u-over')
    await plot.scrollIntoViewIfNeeded()
    assert.equal(await page.locator('.curves .key').count(), of.length)
    for (const across of [0.02, 0.2, 0.4, 0.6, 0.8, 0.97]) {
      await point(page, plot, across)
      const said = await text(page, '.curves .at')
      const [, percent, decimals, values] = said.match(/^(\d+\.(\d+))%: (.+)$/)
      const half = 0.5 * 10 ** -(decimals.length + 2)
      const [low, high] = [percent / 100 - half, percent / 100 + half]
      // The axis ends with the tenth of a nine after the last that there is.
      assert.ok(Math.abs(-Math.log10(1 - percent / 100) - across * Math.ceil(nines * 10) / 10) < 0.03, said)
      for (const histogram of of) {
        const name = histogram.pool ?? 'whole process'
        const value = values.split(', ').find(each => each.startsWith(`${name} `)).slice(name.length + 1)
        if (value === '–') {
          assert.ok((1 - high) * histogram.count < 1, `${name}: ${said}`)
        } else {
          assert.ok(valuesBetween(histogram, low, high).includes(value), `${name}: ${said}`)
        }
      }
    }
  })
})

/** The colours of a timeline from top to bottom, pixel by pixel, at these places, shares of its width. */
const coloursAt = (lane, places) =>
  lane.evaluate((row, wanted) => {
    const canvas = row.querySelector('canvas')
    const [outer, inner] = [canvas, row.querySelector('.u-over')].map(each => each.getBoundingClientRect())
    const ratio = canvas.width / outer.width
    const [left, top] = [(inner.left - outer.left) * ratio, Math.round((inner.top - outer.top) * ratio)]
    const height = Math.round(inner.height * ratio)
    // All of it at once: the browser warns of pictures that are read again and again.
    const { data, width } = canvas.getContext('2d').getImageData(0, top, canvas.width, height)
    return wanted.map(place => {
      const x = Math.round(left + inner.width * ratio * place)
      return Array.from({ length: height }, (_, y) => {
        const [red, green, blue] = data.subarray(4 * (y * width + x))
        return `rgb(${red}, ${green}, ${blue})`
      })
    })
  }, places)

test('what is stacked in a timeline adds up to the data', async () => {
  await onPage(
    HOUR,
    async page => {
      const columns = [12, 70, 83, 110]
      const lengths = hour.columns.map(([from, to]) => (to - from) * 1e6)
      for (const preset of ['Running and held up', 'All time']) {
        await page.locator('.preset', { hasText: preset }).click()
        const drawn = await page
          .locator('.chip[aria-pressed=true]')
          .evaluateAll(all =>
            all.map(chip => [chip.dataset.state, getComputedStyle(chip.querySelector('.swatch')).backgroundColor]),
          )
        for (const lane of (await page.locator('.lane[data-pool]').all()).slice(0, 3)) {
          const name = await lane.getAttribute('data-pool')
          const { series, threads } = hour.pools.find(each => each.name === name)
          const of = (state, column) => (series[state]?.[column] ?? 0) / lengths[column]
          const all = column => sumOf(drawn.map(([state]) => of(state, column)))
          const highest = hour.columns.map((_, i) => i).reduce((a, b) => (all(b) > all(a) ? b : a))
          const read = [highest, ...columns]
          const pictures = await coloursAt(
            lane,
            read.map(each => middleOf(hour, each)),
          )
          const colours = new Set(drawn.map(each => each[1]))
          const heights = pictures.map(each => each.length - each.findIndex(colour => colours.has(colour)))
          // One scale for all of the lane: as many pixels for a thread as where it is highest.
          const perThread = heights[0] / all(highest)
          read.forEach((column, i) => {
            // Of a state that hardly was there is only the line around it.
            assert.ok(Math.abs(heights[i] - all(column) * perThread) <= 4, `${name}, column ${column}: ${heights}`)
            for (const colour of colours) {
              const pixels = pictures[i].filter(each => each === colour).length
              const states = drawn.filter(each => each[1] === colour).map(each => each[0])
              const expected = sumOf(states.map(state => of(state, column))) * perThread
              // Between two states there is a line.
              const said = `${name}, column ${column}, ${states}: ${pixels}, ${expected}`
              assert.ok(Math.abs(pixels - expected) <= 4, said)
            }
          })
          await lane.scrollIntoViewIfNeeded()
          for (const column of columns) {
            await point(page, lane.locator('.u-over'), middleOf(hour, column))
            const [from, to] = hour.columns[column]
            assert.equal(await text(page, '#time .now'), `${name}, ${clock(from)} – ${clock(to)}: threads on average`)
            const told = await page.locator('.chip').evaluateAll(chips =>
              chips.map(chip => [chip.dataset.state, chip.querySelector('b').textContent]),
            )
            assert.deepEqual(
              new Map(told),
              new Map(told.map(([state]) => [state, mean(of(state, column))])),
              `${name}, column ${column}`,
            )
            assert.ok(Math.abs(sumOf(STATES.map(state => of(state, column))) - threads) < 1e-6)
          }
        }
      }
      await page.mouse.move(5, 5)
      for (const [i, state] of STATES.entries()) {
        const threads = sumOf(hour.pools.map(pool => pool.totalNs[i])) / hour.wallNs
        assert.equal(await text(page, `[data-state=${state}] b`), mean(threads), state)
      }
    },
    { ratio: 4 },
  )
})

test('charts of a page that attach-cli has made show what was recorded', { skip: !PAGE }, async () => {
  const data = recorded()
  const column = 2
  const { fromMs, toMs, histograms, pools } = data.recorded[column]
  await onPage(PAGE, async page => {
    await page.selectOption('#metric', 'running')
    const counted = histograms.find(each => each.metric === 'running' && !each.pool)
    assertCells(await cellsOf(page, middleOf(data, column)), new Map(counted.buckets), data.columns[column])

    await page.locator('.preset', { hasText: 'All time' }).click()
    const lane = page.locator('.lane[data-pool]').first()
    const name = await lane.getAttribute('data-pool')
    await lane.scrollIntoViewIfNeeded()
    await point(page, lane.locator('.u-over'), middleOf(data, column))
    const { timesNs } = pools.find(each => each.pool === name)
    for (const state of STATES) {
      const threads = (timesNs[state] ?? 0) / ((toMs - fromMs) * 1e6)
      assert.equal(await text(page, `[data-state=${state}] b`), mean(threads), state)
    }
  })
})
