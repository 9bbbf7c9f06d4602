/** The passages of a story. */
export default function passages(): void {}
