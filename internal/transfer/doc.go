// Package transfer brings conversations in from other systems.
//
// Every importer keeps to the same rules:
//
//   - It streams. What is in memory at any moment is bounded, however large or hostile the file.
//   - It is safe to run twice, and to run again after it broke off: each record names its source and its id
//     there, and the [Writer] adds what it does not have yet.
//   - It loses no reply. A comment whose parent was left out or is missing hangs under a placeholder.
//   - It tells readers apart by e-mail address, never by display name alone, mails nobody, gives no roles and
//     opens no way in. Who proves the same address later may claim what was theirs.
//   - Text becomes our Markdown, times become UTC, addresses of stories go through one table of rewrites and
//     must end on the site.
//   - What is left out or mended is counted by reason in the [Report], and a dry run gives the same report.
//
// [WordPress] reads WordPress exports. Another source is another file beside it.
package transfer
