// What is said of a new version.

export const isReady = (version: string) => `Holdfast ${version} is ready to install.`
export const NOTHING_NEW = 'We tell you when a new version is ready.'
export const NO_NOTES = 'It came without notes.'
