/** The stand-in for a hole where text with holes is parsed once more. */

/** A variable that nobody sets, in braces so that it ends where it ends. */
export const UNSET = '\x24{_}';
