// What a verdict cannot be made of.
export class VerdictInputError extends Error {}
