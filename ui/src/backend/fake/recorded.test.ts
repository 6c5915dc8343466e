import { expect, test } from 'vitest'
import { recorded, type Recording } from './recorded'
import { refusal } from './desk'

const RECORDING: Recording = [
  ['tab', { id: 'lena' }, { answer: { name: 'Lena' } }],
  ['look', { tabId: 'lena', accepted: { dueMinor: 1 }, holdId: null }, { answer: { changes: [] } }],
  ['take', { take: {} }, { error: refusal('unclear', 'No reply.') }]
]

test('answers as the real desk did, errors too', async () => {
  const desk = recorded(RECORDING)
  expect(await desk.tab('lena')).toEqual({ name: 'Lena' })
  // What else was asked of the same tab is answered alike: figures that are typed aren’t in a recording.
  expect(await desk.look('lena', { dueMinor: 2 } as never, null)).toEqual({ changes: [] })
  await expect(desk.take({} as never)).rejects.toMatchObject({ message: 'No reply.' })
})

test('refuses what was never asked, so that nobody takes silence for an answer', async () => {
  await expect(recorded(RECORDING).tab('brandt')).rejects.toMatchObject({
    message: 'tab isn’t in the recording.'
  })
  await expect(recorded(RECORDING).floor()).rejects.toMatchObject({
    message: 'floor isn’t in the recording.'
  })
})
