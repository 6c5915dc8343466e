import '@fontsource-variable/inter/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/frame.css'
import './screens/guest/guest.css'
import { mount } from 'svelte'
import GuestWindow from './screens/guest/GuestWindow.svelte'
import { keepMenuToFields } from './menu'
import { guestWindow } from './backend/tauri'

keepMenuToFields()
const target = document.getElementById('app')
if (!target) throw new Error('guest.html has no place for the window')
mount(GuestWindow, { target, props: { desk: guestWindow } })
