/** The kinds of audit records. Apart from their schemas, so that the log's writer needs no library for those. */

export const RECORD_KINDS = [
  'engine',
  'policy',
  'connection',
  'exchange',
  'action',
  'verdict',
  'hold',
  'approval',
  'outcome',
  'uninspected',
  'finding',
  'fleet',
  'tamper',
  'gap',
] as const;
