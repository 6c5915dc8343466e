import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

const SHELL = { group: ['@tauri-apps/*'], message: 'Only backend/tauri.ts talks to the shell.' }
const TAURI = { group: ['**/backend/tauri'], message: 'Only main.ts and guest.ts choose the backend.' }
const FAKE = { group: ['**/backend/fake/*'], message: 'The fake is for tests alone.' }

export default defineConfig(
  { ignores: ['dist', 'src/bindings'] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    files: ['src/**/*.ts', 'src/**/*.svelte'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] }
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      // A call to the desk whose answer nobody waits for loses its error too.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error'
    }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.svelte'],
    ignores: ['src/**/*.test.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 70 }] }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.svelte'],
    ignores: ['src/backend/tauri.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [SHELL, TAURI, FAKE] }] }
  },
  {
    files: ['src/main.ts', 'src/guest.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [SHELL, FAKE] }] }
  },
  {
    files: ['src/**/*.test.ts', 'src/backend/fake/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [SHELL, TAURI] }] }
  }
)
