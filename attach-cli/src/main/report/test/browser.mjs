// Pages in a real browser, of which each file of tests has one of its own.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { writePage } from './page.mjs'
import { sample } from './sample.mjs'

export const TEMPLATE = process.env.REPORT_TEMPLATE
const BROWSERS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const directory = mkdtempSync(join(tmpdir(), 'report-'))
/** An hour of 50 threads in few columns, and its page. */
export const hour = sample({ columns: 120 })
export const HOUR = join(directory, 'hour.html')
let browser

before(async () => {
  const found = BROWSERS.find(each => each && existsSync(each))
  assert.ok(found, 'no Chromium: run bin/setup, or set CHROMIUM')
  // Root has no sandbox of Chromium's.
  browser = await chromium.launch({ executablePath: found, args: process.getuid() === 0 ? ['--no-sandbox'] : [] })
  writePage(TEMPLATE, hour, '<b>shop</b> & co', HOUR)
})

after(async () => {
  await browser?.close()
  rmSync(directory, { recursive: true })
})

/** Opens a page, runs the steps, and fails where the browser had anything to complain about or asked a network. */
export async function onPage(file, steps, { width = 1440, ratio = 1, expectFailure = false } = {}) {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    deviceScaleFactor: ratio,
    timezoneId: 'UTC',
  })
  const complaints = []
  page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.stack))
  page.on('dialog', dialog => complaints.push(`dialog: ${dialog.message()}`) && dialog.dismiss())
  page.on(
    'request',
    request => request.url().startsWith('file:') || complaints.push(`asked for ${request.url().slice(0, 80)}`),
  )
  try {
    await page.goto(pathToFileURL(file).href)
    await page.waitForSelector(expectFailure ? '[data-failed]' : '[data-ready]', { timeout: 15_000 })
    await steps(page)
    assert.deepEqual(complaints, [])
  } finally {
    await page.close()
  }
}

export async function onData(data, steps, options) {
  const file = join(directory, `page-${Math.random()}.html`)
  writePage(TEMPLATE, data, 'a page', file)
  await onPage(file, steps, options)
}

export const text = (page, selector) => page.locator(selector).first().innerText()

/** Cells of a table's rows, by its caption. */
export const rows = (page, caption) =>
  page
    .locator(`table:has(caption:text-is("${caption}")) tbody tr`)
    .evaluateAll(all => all.map(row => [...row.cells].map(cell => cell.innerText.trim())))

/** What the lists of terms below an element say. */
export const facts = (page, selector) =>
  page
    .locator(`${selector} dt`)
    .evaluateAll(all => Object.fromEntries(all.map(term => [term.textContent, term.nextElementSibling.textContent])))

/** Moves the mouse to a place in a plot, given as shares of its width and height. */
export async function point(page, plot, across, down = 0.5) {
  const box = await plot.boundingBox()
  await page.mouse.move(box.x + box.width * across, box.y + box.height * down)
}

export const drag = async (page, selector, from, to) => {
  const box = await page.locator(selector).first().boundingBox()
  await page.mouse.move(box.x + box.width * from, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * to, box.y + box.height / 2, { steps: 4 })
  await page.mouse.up()
}
