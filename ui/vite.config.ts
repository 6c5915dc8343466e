import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // The window's policy allows no data: address but for pictures, so nothing is inlined.
  build: {
    target: 'safari17',
    assetsInlineLimit: 0,
    // The till's window, and the guest's.
    rollupOptions: { input: ['index.html', 'guest.html'] }
  },
  // Style sheets are read as they are: a test measures their colours.
  test: { include: ['src/**/*.test.ts'], css: true }
})
