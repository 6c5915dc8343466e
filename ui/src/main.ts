import './styles/window'
import { mount } from 'svelte'
import App from './App.svelte'
import { tauri } from './backend/tauri'
import { keepMenuToFields } from './menu'
import { contextOf, createApp } from './state/app'

keepMenuToFields()
const target = document.getElementById('app')
if (!target) throw new Error('index.html has no place for the window')
mount(App, { target, context: contextOf(createApp(tauri)) })
