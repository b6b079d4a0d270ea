/** What can be wrong with what a fleet's server gives, each in one sentence for a person. */

/** Some say that the server cannot be reached now (`OUTAGES`); all others that what it gave does not hold. */
export type ProblemKind =
  | 'rollback'
  | 'freeze'
  | 'mix-and-match'
  | 'wrong-key'
  | 'wrong-hash'
  | 'endless'
  | 'cut-off'
  | 'unreadable'
  | 'replaced-root'
  | 'unknown-root'
  | 'expired-root'
  | 'wrong-token'
  | 'redirect'
  | 'untrusted-certificate'
  | 'unreachable'
  | 'too-slow'
  | 'server-error'
  | 'nothing-published'
  | 'wrong-bundle'
  | 'bundle'
  | 'not-activated'
  | 'cache-broken'
  | 'not-kept'
  | 'identity-copied'
  | 'internal';

const OUTAGES: ReadonlySet<ProblemKind> = new Set(['unreachable', 'too-slow', 'server-error', 'cut-off']);

/** `message` is the sentence: what, where, and what to do. */
export class FleetProblem extends Error {
  readonly kind: ProblemKind;

  constructor(kind: ProblemKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'FleetProblem';
    this.kind = kind;
  }

  /** Nothing was refused: nobody answered, or not to the end. */
  get outage(): boolean {
    return OUTAGES.has(this.kind);
  }
}

/** Where `detail` is worth telling it is told, but never as the sentence itself: it is the other side's text, or a library's. */
export function problemOf(kind: ProblemKind, where: string, detail = '', cause?: unknown): FleetProblem {
  return new FleetProblem(kind, sentence(kind, where, detail), cause);
}

function sentence(kind: ProblemKind, where: string, detail: string): string {
  const told = detail === '' ? '' : ` (${detail.slice(0, 300)})`;
  switch (kind) {
    case 'rollback':
      return `The policy server ${where} offers something older than this device has already accepted${told}: it was refused. Publish again; to go back, publish the old content as a new revision.`;
    case 'freeze':
      return `What the policy server ${where} says has expired${told}: it was refused. Sign the repository’s timestamp again, and check this machine’s clock.`;
    case 'mix-and-match':
      return `The files on the policy server ${where} do not belong together${told}: they were refused. Upload the whole repository again.`;
    case 'wrong-key':
      return `What the policy server ${where} offers is not signed by a key that this device trusts${told}: it was refused. Publish with the fleet’s own keys, check that fleet.root is this repository’s, or find out who changed the files.`;
    case 'wrong-hash':
      return `The bundle on the policy server ${where} is not the one that was signed${told}: it was refused. Upload it again, or find out who changed it.`;
    case 'endless':
      return `The policy server ${where} sends more than was signed or is permitted${told}: it was cut off. Check what answers at that address.`;
    case 'cut-off':
      return `The policy server ${where} broke off in the middle of a file${told}. It is asked again; check the server if this stays.`;
    case 'unreadable':
      return `What the policy server ${where} gives is not a policy repository${told}: it was refused. Check fleet.url, and upload the repository again.`;
    case 'replaced-root':
      return `The policy server ${where} offers a new root of trust that the old one did not sign${told}: it was refused. Sign the new root with the old keys too, or find out who replaced it.`;
    case 'unknown-root':
      return `The root of trust in fleet.root or fleet.rootFile cannot be used${told}. Put the root.json there that the repository was made with.`;
    case 'expired-root':
      return `The root of trust of the policy server ${where} has expired${told}: nothing new is accepted. Sign a new root and publish it.`;
    case 'wrong-token':
      return `The policy server ${where} does not accept this device’s enrolment token${told}. Set fleet.enrolmentToken to a valid one.`;
    case 'redirect':
      return `The policy server ${where} points elsewhere${told}, which is not followed. Set fleet.url to where the repository really is.`;
    case 'untrusted-certificate':
      return `The HTTPS certificate of the policy server ${where} is not trusted${told}. Have this machine trust its authority, or name that in upstream.extraCaFile.`;
    case 'unreachable':
      return `The policy server ${where} cannot be reached${told}. It is asked again; check fleet.url and the network if this stays.`;
    case 'too-slow':
      return `The policy server ${where} does not answer in time${told}. It is asked again; check the server if this stays.`;
    case 'server-error':
      return `The policy server ${where} answers with an error${told}. It is asked again; check the server, and fleet.url, if this stays.`;
    case 'nothing-published':
      return `The policy server ${where} has nothing for this device’s ring${told}. Publish a bundle for it, or set fleet.ring to one that is published.`;
    case 'wrong-bundle':
      return `The bundle on the policy server ${where} is for another ring or revision than it was signed for${told}: it was refused. Publish again.`;
    case 'bundle':
      return `The policy server ${where} offers a bundle that this version of Holdpoint cannot use${told}: it was refused. Update Holdpoint, or publish a bundle that this version knows.`;
    case 'not-activated':
      return `The bundle on the policy server ${where} was not put in force${told}. Correct it and publish a new revision.`;
    case 'cache-broken':
      return `The policy of the fleet that was kept on this device is damaged or was changed${told}: it is not used. It is fetched again from ${where}.`;
    case 'not-kept':
      return `The fleet’s policy is in force, but could not be kept on the disk${told}, so it would be missing after a restart without network. Make room in the data folder.`;
    case 'identity-copied':
      return `The data folder was copied from another machine, so this device goes by an identity of its own${told}. Start with an empty data folder on each machine.`;
    case 'internal':
      return `Looking for a new policy at ${where} failed${told}. This is a fault in Holdpoint.`;
  }
}
