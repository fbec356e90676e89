import type { Disk, Remote } from './data'
import { section } from './dom'
import { bytes, count, duration } from './format'
import { Table } from './table'
import type { View } from './view'

type Use = Disk['uses'][number] & { disk: string }

const BY: Record<string, string> = { host: 'this JVM', kernel: 'the kernel', other: 'other processes' }

const mean = (ns: number, of: number): string => (of ? duration(ns / of) : '–')

/** As attach-cli remotes names them: where a port follows, colons of an IPv6 address are in brackets. */
function nameOf({ address, port, direction }: Remote): string {
  if (address === null) {
    return `all other ${direction}`
  }
  return port ? `${address.includes(':') ? `[${address}]` : address}:${port}` : address
}

/** Disks and connections. Null where the recording has neither. */
export function machineSection(view: View): HTMLElement | null {
  const uses: Use[] = (view.data.disks ?? []).flatMap(disk => disk.uses.map(use => ({ ...use, disk: disk.name })))
  const remotes = view.data.remotes ?? []
  if (uses.length === 0 && remotes.length === 0) {
    return null
  }
  const { element, body } = section(
    'machine',
    'Disks and connections',
    'Since the agent began, not of the recording alone.',
  )
  if (uses.length) {
    const table = new Table<Use>(
      'Requests to disks',
      [
        { title: 'Disk', cell: use => use.disk, sort: use => use.disk },
        { title: 'Of', cell: use => BY[use.by] ?? use.by, sort: use => use.by },
        { title: 'Operation', cell: use => use.operation, sort: use => use.operation },
        { title: 'Requests', number: true, cell: use => count(use.requests), sort: use => use.requests },
        { title: 'Bytes', number: true, cell: use => bytes(use.bytes), sort: use => use.bytes },
        {
          title: 'In queues',
          number: true,
          means: 'Mean',
          cell: use => mean(use.queueNs, use.requests),
          sort: use => use.queueNs / Math.max(1, use.requests),
        },
        {
          title: 'In the device',
          number: true,
          means: 'Mean',
          cell: use => mean(use.deviceNs, use.requests),
          sort: use => use.deviceNs / Math.max(1, use.requests),
        },
        { title: 'Longest', number: true, cell: use => duration(use.maxDeviceNs), sort: use => use.maxDeviceNs },
      ],
      3,
      12,
    )
    table.setRows(uses)
    body.append(table.element)
  }
  if (remotes.length) {
    const table = new Table<Remote>(
      'TCP connections',
      [
        {
          title: 'With',
          cell: nameOf,
          sort: remote => remote.address ?? '~',
        },
        { title: 'Direction', cell: remote => remote.direction, sort: remote => remote.direction },
        { title: 'Open', number: true, cell: remote => count(remote.open), sort: remote => remote.open },
        { title: 'Begun', number: true, cell: remote => count(remote.begun), sort: remote => remote.begun },
        { title: 'Failed', number: true, cell: remote => count(remote.failed), sort: remote => remote.failed },
        {
          title: 'Sent again',
          number: true,
          means: 'Segments',
          cell: remote => count(remote.retransmits),
          sort: remote => remote.retransmits,
        },
        {
          title: 'Resets',
          number: true,
          means: 'Received and sent',
          cell: remote => count(remote.resetsReceived + remote.resetsSent),
          sort: remote => remote.resetsReceived + remote.resetsSent,
        },
        { title: 'Sent', number: true, cell: remote => bytes(remote.bytesSent), sort: remote => remote.bytesSent },
        {
          title: 'Received',
          number: true,
          cell: remote => bytes(remote.bytesReceived),
          sort: remote => remote.bytesReceived,
        },
        {
          title: 'Round trip',
          number: true,
          means: 'Mean of the smoothed ones',
          cell: remote => mean(remote.rtt?.sumNs ?? 0, remote.rtt?.count ?? 0),
          sort: remote => (remote.rtt?.sumNs ?? 0) / Math.max(1, remote.rtt?.count ?? 0),
        },
      ],
      7,
      12,
    )
    table.setRows(remotes)
    body.append(table.element)
  }
  return element
}
