import '@fontsource-variable/inter/wght.css'
import './tokens.css'
import './window.css'
import { mount } from 'svelte'
import App from './App.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no place for the window')
mount(App, { target })
