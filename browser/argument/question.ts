/** The standing question of a story. */
export default function question(): void {}
