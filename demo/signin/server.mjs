// The demonstration's sign-in server: an independent OpenID provider per organisation, all on one port, each below a
// path of its own (http://localhost:8100/derby-families). It stands in for the sign-in that each organisation really
// has. Anybody can sign in as anybody, so it starts in a demonstration only.
//
// Environment: PARLEY_MODE (must be "demonstration"), PARLEY_DEMO_SIGNIN_PORT, PARLEY_PORT, PARLEY_BASE_DOMAIN as for
// Parley itself; SIGNIN_KEYS_FILE, for tests without a web server: client keys as { issuer's name: JWKS }.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { Provider } from "oidc-provider";
import { messagePage, signInPage, signOutPage } from "./pages.mjs";

const settings = readSettings(process.env);
const issuers = new Map(readJson(new URL("accounts.json", import.meta.url)).issuers.map((issuer) => [issuer.name, issuer]));
const keysByIssuer = settings.keysFile ? readJson(settings.keysFile) : {};
const providers = new Map();

function readSettings(environ) {
  if (environ.PARLEY_MODE !== "demonstration") {
    process.stderr.write(
      "The demonstration sign-in lets anybody in as anybody. It starts only with PARLEY_MODE=demonstration.\n",
    );
    process.exit(2);
  }
  return {
    port: Number(environ.PARLEY_DEMO_SIGNIN_PORT || 8100),
    webPort: Number(environ.PARLEY_PORT || 8000),
    baseDomain: environ.PARLEY_BASE_DOMAIN || "localhost",
    keysFile: environ.SIGNIN_KEYS_FILE,
  };
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function siteOf(issuer) {
  return `http://${issuer.site}.${settings.baseDomain}:${settings.webPort}`;
}

function clientOf(issuer) {
  const site = siteOf(issuer);
  return {
    client_id: `parley-${issuer.name}`,
    token_endpoint_auth_method: issuer.client.auth,
    redirect_uris: issuer.redirect_paths.map((path) => site + path),
    post_logout_redirect_uris: [`${site}/`],
    backchannel_logout_uri: site + issuer.redirect_paths[0].replace(/callback$/, "backchannel-logout"),
    backchannel_logout_session_required: true,
    grant_types: ["authorization_code"],
    response_types: ["code"],
    id_token_signed_response_alg: "RS256",
    ...proofOf(issuer),
  };
}

function proofOf(issuer) {
  if (issuer.client.auth !== "private_key_jwt") {
    return { client_secret: issuer.client.secret };
  }
  const keys = keysByIssuer[issuer.name] ? { jwks: keysByIssuer[issuer.name] } : { jwks_uri: siteOf(issuer) + issuer.client.keys_path };
  return { token_endpoint_auth_signing_alg: "ES256", ...keys };
}

// Browsers know that *.localhost is this machine; Node on Debian does not, its fetch sends no Host header but its own, and
// the library has it refuse addresses of this machine.
async function fetchOnThisMachine(url, options = {}) {
  const { hostname, host, port, pathname, search } = new URL(url);
  if (!hostname.endsWith(".localhost")) {
    return fetch(url, options);
  }
  const { method, headers, body, signal } = options;
  const sent = { ...Object.fromEntries(new Headers(headers)), host };
  const asked = httpRequest({ host: "127.0.0.1", port, path: pathname + search, method, headers: sent, signal });
  asked.end(body && String(body));
  const [answer] = await once(asked, "response");
  const type = { "Content-Type": answer.headers["content-type"] ?? "text/plain" };
  return new Response(Readable.toWeb(answer), { status: answer.statusCode, headers: type });
}

// Somebody not on the list may still be a parent: a name of their own choosing becomes an account for as long as the
// server runs.
function accountFor(issuer, name) {
  const id = name.trim().toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 40);
  const known = issuer.accounts.find((account) => account.id === id || account.name.toLowerCase() === name.trim().toLowerCase());
  if (known || !issuer.anyone || !id) {
    return known;
  }
  return { id, name: name.trim(), email: `${id}@${issuer.accounts[0].email.split("@")[1]}` };
}

// Each issuer signs with a key of its own, made when it is first asked for, so that one's tokens mean nothing to another's
// clients.
function providerOf(issuer) {
  if (!providers.has(issuer.name)) {
    providers.set(issuer.name, new Provider(`http://localhost:${settings.port}/${issuer.name}`, configurationOf(issuer)));
  }
  return providers.get(issuer.name);
}

function configurationOf(issuer) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomBytes(8).toString("hex") };
  return {
    clients: [clientOf(issuer)],
    jwks: { keys: [key] },
    // Cookies of one host name are shared by all its ports and issuers: each issuer's have names of their own.
    cookies: {
      keys: [randomBytes(24).toString("hex")],
      names: {
        session: `${issuer.name}.session`,
        interaction: `${issuer.name}.interaction`,
        resume: `${issuer.name}.resume`,
      },
    },
    fetch: fetchOnThisMachine,
    responseTypes: ["code"],
    pkce: { required: () => true },
    scopes: ["openid", "email", "groups"],
    claims: { openid: ["sub"], email: ["email", "email_verified"], groups: ["groups"] },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => html(ctx, signOutPage(issuer, form)),
        postLogoutSuccessSource: (ctx) => html(ctx, messagePage(issuer, "You are signed out", "You can close this page.")),
      },
    },
    interactions: { url: (_ctx, interaction) => `/${issuer.name}/interaction/${interaction.uid}` },
    // A council's own sign-in does not ask a resident to consent to the council's own service.
    loadExistingGrant: grantEverythingAsked,
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => claimsOf(accountFor(issuer, sub)) }),
    renderError: (ctx, out) => html(ctx, messagePage(issuer, "Sign-in did not work", out.error_description || out.error)),
    ttl: { Session: 8 * 3600, Interaction: 3600, Grant: 8 * 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  };
}

async function grantEverythingAsked(ctx) {
  const { client, session, params, provider } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  const grant = (known && (await provider.Grant.find(known))) || new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope);
  await grant.save();
  return grant;
}

function claimsOf(account) {
  return { sub: account.id, email: account.email, email_verified: true, groups: account.groups };
}

function html(ctx, { page, policy }) {
  ctx.type = "html";
  ctx.set("Content-Security-Policy", policy);
  ctx.body = page;
}

async function interact(issuer, provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  const show = (problem) => send(response, problem ? 422 : 200, signInPage(issuer, problem));
  if (details.prompt.name !== "login") {
    throw new Error(`nobody here can answer the prompt ${details.prompt.name}`);
  }
  if (request.method !== "POST") {
    return show(null);
  }
  const form = await readForm(request);
  if (form.has("cancel")) {
    const refused = { error: "access_denied", error_description: "The person chose not to sign in" };
    return provider.interactionFinished(request, response, refused, { mergeWithLastSubmission: false });
  }
  const account = accountFor(issuer, form.get("account") || form.get("name") || "");
  if (!account) {
    return show("Choose an account, or type a name from the list");
  }
  const result = { login: { accountId: account.id } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function readForm(request) {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 10_000) {
      throw new Error("the form is too long");
    }
  }
  return new URLSearchParams(body);
}

function send(response, status, { page, policy }) {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policy,
    "Cache-Control": "no-store",
  });
  response.end(page);
}

async function answer(request, response) {
  const [, name, ...rest] = request.url.split("/");
  const issuer = issuers.get(name.split("?")[0]);
  if (!issuer) {
    const found = request.url === "/" || request.url === "/healthz";
    response.writeHead(found ? 200 : 404, { "Content-Type": "application/json" });
    return response.end(JSON.stringify({ issuers: [...issuers.keys()] }));
  }
  const provider = providerOf(issuer);
  if (rest[0] === "interaction") {
    return interact(issuer, provider, request, response);
  }
  // What the library takes off the front of originalUrl to get url is the path it is mounted on.
  request.originalUrl = request.url;
  request.url = `/${rest.join("/")}`;
  return provider.callback()(request, response);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    process.stderr.write(`${request.method} ${request.url.split("?")[0]}: ${error.message}\n`);
    const expired = error.name === "SessionNotFound";
    const said = expired ? "This sign-in has ended. Go back to where you came from and start again." : "Something went wrong. Go back and start again.";
    send(response, expired ? 400 : 500, messagePage({ title: "Demonstration" }, "Sign-in did not work", said));
  });
});
server.listen(settings.port, "127.0.0.1", () => {
  process.stdout.write(`demonstration sign-in: http://localhost:${server.address().port}/, ${issuers.size} issuers\n`);
});
for (const stop of ["SIGTERM", "SIGINT"]) {
  process.on(stop, () => {
    server.closeAllConnections();
    server.close(() => process.exit(0));
  });
}
