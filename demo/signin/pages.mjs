// The pages of the demonstration's sign-in server. One look, no script, and on each of them that it is a demonstration.

import { createHash } from "node:crypto";

const STYLE = `
  body { font-family: Arial, sans-serif; font-size: 1.1875rem; line-height: 1.4; margin: 0; color: #14202b; background: #fff; }
  header { background: #37306b; color: #fff; padding: 1rem; }
  header p, main { max-width: 40rem; margin: 0 auto; }
  .notice { background: #fff3c4; border-bottom: 3px solid #8a6500; padding: .75rem 1rem; }
  .notice p { max-width: 40rem; margin: 0 auto; }
  main { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1rem; }
  ul { list-style: none; padding: 0; margin: 0 0 2rem; }
  li { margin: 0 0 .75rem; }
  button, input { font: inherit; min-height: 2.75rem; box-sizing: border-box; }
  button { background: #37306b; color: #fff; border: 2px solid #37306b; padding: .5rem 1rem; cursor: pointer; }
  li button { width: 100%; text-align: left; background: #fff; color: #14202b; }
  button.plain { background: #fff; color: #37306b; }
  button:hover { text-decoration: underline; }
  input { border: 2px solid #14202b; padding: .25rem .5rem; width: 100%; max-width: 20rem; }
  label { display: block; font-weight: bold; margin: 0 0 .25rem; }
  .hint { color: #44525e; margin: 0 0 .5rem; }
  .problem { border-left: 5px solid #b3261e; padding-left: 1rem; }
  .problem p { color: #8c1d18; font-weight: bold; margin: 0 0 .5rem; }
  :focus-visible { outline: 3px solid #0b57d0; outline-offset: 3px; }
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

function escape(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function frame(issuer, heading, body) {
  const page = `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(heading)}: ${escape(issuer.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><p>${escape(issuer.title)}</p></header>
<div class="notice" role="region" aria-label="About this page"><p>Demonstration sign-in: it stands in for ${escape(issuer.stands_for || "an organisation's own sign-in")} and is not run by them. Use no real name or password.</p></div>
<main>
<h1>${escape(heading)}</h1>
${body}
</main>
</body>
</html>
`;
  return { page, policy: POLICY };
}

// Return the page on which a person says who they are; `problem` is what was wrong with the last try, or null.
export function signInPage(issuer, problem) {
  const choices = issuer.accounts
    .map((account) => `<li><button name="account" value="${escape(account.id)}">${escape(account.name)} (${escape(account.id)})</button></li>`)
    .join("\n");
  const hint = issuer.anyone
    ? "Type a name from the list, or any other: it makes a new account."
    : "Type a name from the list.";
  const named = problem ? ' aria-invalid="true" aria-describedby="name-hint name-problem"' : ' aria-describedby="name-hint"';
  return frame(
    issuer,
    "Who do you want to sign in as?",
    `<form method="post"><ul>
${choices}
</ul></form>
<form method="post">
<div${problem ? ' class="problem"' : ""}>
<label for="name">Or type a name</label>
<p class="hint" id="name-hint">${hint}</p>
${problem ? `<p id="name-problem">${escape(problem)}</p>` : ""}
<input id="name" name="name" autocomplete="off" spellcheck="false"${named}>
</div>
<p><button>Sign in</button></p>
</form>
<form method="post"><button class="plain" name="cancel" value="yes">Go back without signing in</button></form>`,
  );
}

// Return the page that asks whether to sign out here too; `form` is the library's own form, to be sent as it is.
export function signOutPage(issuer, form) {
  return frame(
    issuer,
    "Do you want to sign out here too?",
    `${form}
<p><button form="op.logoutForm" name="logout" value="yes">Sign out</button></p>
<p><button class="plain" form="op.logoutForm">Stay signed in here</button></p>`,
  );
}

// Return a page that says one thing.
export function messagePage(issuer, heading, text) {
  return frame(issuer, heading, `<p>${escape(text)}</p>`);
}
