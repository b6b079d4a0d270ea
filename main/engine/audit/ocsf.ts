import type { AuditRecord, Json } from '../../contract/record.ts';
export function ocsfEvent(record: AuditRecord, _chain: { readonly previous: string }): Json {
  return { record: record.id };
}
