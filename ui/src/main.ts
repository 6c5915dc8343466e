import '@fontsource-variable/inter/wght.css'
// In the order of the cascade: what a narrow or low window changes comes last.
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/date.css'
import './styles/pad.css'
import './styles/messages.css'
import './styles/frame.css'
import './screens/floor/floor.css'
import './screens/tab/panel.css'
import './screens/tab/move.css'
import './styles/sheet.css'
import './screens/attention/attention.css'
import './styles/page.css'
import './styles/narrow.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { tauri } from './backend/tauri'
import { contextOf, createApp } from './state/app'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no place for the window')
mount(App, { target, context: contextOf(createApp(tauri)) })
