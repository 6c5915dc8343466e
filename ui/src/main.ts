import './styles/window'
import { mount } from 'svelte'
import App from './App.svelte'
import { tauri } from './backend/tauri'
import { contextOf, createApp } from './state/app'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no place for the window')
mount(App, { target, context: contextOf(createApp(tauri)) })
