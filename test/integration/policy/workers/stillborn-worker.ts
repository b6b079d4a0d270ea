/** Stands in for a policy worker that cannot start. */

throw new Error('no memory');
