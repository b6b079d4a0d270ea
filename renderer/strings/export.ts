/** What the export of a session says of itself. */

export const EXPORT = {
  button: 'Export…',
  busy: 'Exporting…',
  slow: 'The export is being written. A long session takes some minutes; the guard goes on meanwhile.',
  progress: 'How much is written',
  saved: 'Saved',
  savedIn: 'It is in',
  what: (records: string, files: string, size: string) =>
    `${records} with all that was kept of them, and report.html to read in a browser: ${files}, ${size}.`,
  records: (count: number, text: string) => (count === 1 ? '1 record' : `${text} records`),
  files: (count: number, text: string) => (count === 1 ? '1 file' : `${text} files`),
  check: 'Anyone can check it with',
  key: 'Tell them by another way which key it is signed with:',
  failed: 'Not exported',
  unreachable: 'The app did not answer. Close this window and open it again.',
  close: 'Close',
} as const;
