// What is said of a new version.

export const isReady = (version: string) => `Holdfast ${version} is ready to install.`
export const NOTHING_NEW = 'We tell you when a new version is ready.'
/** It was installed from a file, or its repository was removed. */
export const NOT_LISTED =
  'None of this PC’s repositories has Holdfast, so we can’t tell you of a new version. ' +
  'Install each from its file, or add the repository.'
export const NO_NOTES = 'It came without notes.'
