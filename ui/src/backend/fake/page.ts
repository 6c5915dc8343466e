// The window in a browser, over the desk in memory or over a recording: `npx vite`, then /fake.html?mode=live. It's
// for looking at states that no till should be brought into. Only the development server knows this page.
//
//   mode=training|sandbox|live|none   theme=light|dark|system   key=missing|refused
//   recording=URL   empty   offline   damaged   attention=none
import '../../styles/window'
import { mount } from 'svelte'
import App from '../../App.svelte'
import type { AppError } from '../../bindings/AppError'
import type { Floor } from '../../bindings/Floor'
import type { Mode } from '../../bindings/Mode'
import type { Start } from '../../bindings/Start'
import { contextOf, createApp } from '../../state/app'
import type { Backend } from '../backend'
import { FakeDesk, refusal } from './desk'
import { recorded, type Recording } from './recorded'
import { SETTINGS, START } from './till'

const asked = new URLSearchParams(location.search)

// The words are the desk's own.
const NO_KEY = 'We can’t find this mode’s key in this PC’s key store. Enter it again.'
const REFUSED = 'Dojo rejected the key. Nothing was sent. Check the key in Settings.'
const DAMAGED =
  'The ledger is damaged: it is cut short. There is no good backup in /var/lib/holdfast/live/backups. Nothing was ' +
  'changed or deleted. Put a good ledger file or backup there, or move the folder /var/lib/holdfast/live away to ' +
  'begin with an empty ledger'
const OFFLINE =
  'Dojo is offline. You can still read, search and add to bills; holds show the last known amounts. Open, take and ' +
  'release when Dojo is back: we send nothing on our own.'

async function recording(from: string): Promise<Recording> {
  return (await (await fetch(from)).json()) as Recording
}

function floorOf(floor: Floor): Floor {
  if (!asked.has('offline')) return floor
  const offline = {
    code: 'offline',
    words: OFFLINE,
    tone: 'warn',
    tabId: null,
    isForSettings: false
  } as const
  return { ...floor, online: false, banners: [offline, ...floor.banners] }
}

/** What the address asks for, over what the desk answers. */
function bent(desk: Backend): Backend {
  const mode = (asked.get('mode') ?? 'live') as Mode | 'none'
  const theme = asked.get('theme') ?? 'light'
  const isWithout = mode === 'none' || asked.get('key') === 'missing' || asked.has('damaged')
  const start: Start = {
    ...START,
    mode: isWithout ? null : mode,
    keys: { sandbox: null, live: asked.get('key') === 'missing' ? null : 'sk_prod_…7Qx2' },
    notice: asked.get('key') === 'missing' ? NO_KEY : asked.has('damaged') ? DAMAGED : null
  }
  const refused: AppError = refusal('unauthorised', REFUSED)
  const changed: Partial<Backend> = {
    start: async () => start,
    settings: async () => ({ ...(await desk.settings()), venue: SETTINGS.venue, theme }),
    floor: async () => floorOf(await desk.floor()),
    testConnection: async () =>
      asked.get('key') === 'refused'
        ? { ok: false, words: refused.message }
        : { ok: true, words: 'Dojo answers and accepts the key.' },
    useMode: () => Promise.reject(refused),
    ...(asked.get('attention') === 'none' ? { attention: async () => ({ items: [] }) } : {})
  }
  return new Proxy(desk, {
    get: (answers, name) => changed[name as keyof Backend] ?? answers[name as keyof Backend]
  })
}

const target = document.getElementById('app')
if (!target) throw new Error('fake.html has no place for the window')
const from = asked.get('recording')
const desk = from
  ? recorded(await recording(from))
  : new FakeDesk(asked.has('empty') ? [] : undefined).backend
mount(App, { target, context: contextOf(createApp(bent(desk))) })
