/** The few DER types that a certificate is made of (ITU-T X.690), over node-forge's writer. */

import forge from 'node-forge';

const { asn1 } = forge;
const { Class, Type } = asn1;

export type Der = forge.asn1.Asn1;

export const sequence = (...parts: Der[]): Der => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
export const set = (...parts: Der[]): Der => asn1.create(Class.UNIVERSAL, Type.SET, true, parts);
export const oid = (dotted: string): Der => primitive(Type.OID, asn1.oidToDer(dotted).getBytes());
export const utf8 = (text: string): Der => primitive(Type.UTF8, binary(Buffer.from(text)));
export const octets = (bytes: Uint8Array): Der => primitive(Type.OCTETSTRING, binary(bytes));
export const boolean = (value: boolean): Der => primitive(Type.BOOLEAN, value ? '\xff' : '\x00');
/** Unsigned, and without superfluous leading zeros, which strict readers refuse. */
export const integer = (bytes: Uint8Array): Der => {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return primitive(Type.INTEGER, (short[0]! >= 0x80 ? '\x00' : '') + binary(short));
};
export const bits = (bytes: Uint8Array, unused = 0): Der => primitive(Type.BITSTRING, String.fromCharCode(unused) + binary(bytes));
/** Context-specific tag around whole elements. */
export const explicit = (tag: number, ...parts: Der[]): Der => asn1.create(Class.CONTEXT_SPECIFIC, tag as number, true, parts);
/** Context-specific tag in place of the element's own. */
export const implicit = (tag: number, bytes: Uint8Array): Der => asn1.create(Class.CONTEXT_SPECIFIC, tag as number, false, binary(bytes));
/** UTCTime until 2049 and GeneralizedTime from 2050, as RFC 5280 §4.1.2.5 has it. */
export const time = (at: Date): Der =>
  at.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, asn1.dateToUtcTime(at))
    : primitive(Type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(at));

export const encode = (der: Der): Buffer => Buffer.from(asn1.toDer(der).getBytes(), 'binary');
export const decode = (bytes: Uint8Array): Der => asn1.fromDer(binary(bytes));

/** The elements of a constructed type. */
export function children(der: Der | undefined): readonly Der[] {
  return Array.isArray(der?.value) ? der.value : [];
}

/** The content of a primitive type. */
export function content(der: Der | undefined): Buffer {
  return Buffer.from(typeof der?.value === 'string' ? der.value : '', 'binary');
}

function primitive(type: forge.asn1.Type, value: string): Der {
  return asn1.create(Class.UNIVERSAL, type, false, value);
}

function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('binary');
}
