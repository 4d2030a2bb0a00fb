// OpenID providers that behave as well-known ones are documented to: an independent library (oidc-provider), configured.
// Whoever comes with a login_hint is signed in as that account, without a page.
//
// Argument: { name: { like, port, clients: [client metadata], identityKeys: {private JWK, did} } } as JSON. Prints a line
// once all of them listen.

import { createHash, generateKeyPairSync } from "node:crypto";
import { importJWK, SignJWT } from "jose";
import { Provider } from "oidc-provider";

const CORE_IDENTITY = "https://vocab.account.gov.uk/v1/coreIdentityJWT";

const LIKENESSES = { microsoft_entra: likeEntra, govuk_one_login: likeOneLogin, pairwise: likePairwise };

function pairwise(prefix) {
  return (_ctx, account, client) => prefix + createHash("sha256").update(`${client.clientId} ${account}`).digest("base64url");
}

// Names a person apart for each client; says nothing of iss in its answers, of PKCE, of acr or of when somebody signed in;
// its keys name no algorithm. An account with "many" in its name is in more groups than fit into a token.
function likeEntra() {
  return {
    algorithm: "RS256",
    subject: pairwise(""),
    announcesIss: false,
    hidden: ["code_challenge_methods_supported", "claims_parameter_supported"],
    claims: { openid: ["sub", "oid", "tid", "ver", "groups", "_claim_names", "_claim_sources"] },
    claimsOf: (_client, account) => ({
      oid: `oid-of-${account}`,
      tid: "a-tenant",
      ver: "2.0",
      ...(account.includes("many")
        ? { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "https://graph.example/groups" } } }
        : { groups: ["send-officers"] }),
    }),
  };
}

// Signs with ES256, names a person apart for each client, says by vot how they signed in, and by a claim of userinfo under a
// key of its own how surely they are who they say. An account with "weak" in its name has one factor, "unproved" no identity.
function likeOneLogin(identityKeys) {
  return {
    algorithm: "ES256",
    subject: pairwise("urn:fdc:gov.uk:2022:"),
    announcesIss: false,
    hidden: [],
    claims: { openid: ["sub", "vot", "vtm"], [CORE_IDENTITY]: null },
    claimsOf: async (client, account, subject) => ({
      vot: account.includes("weak") ? "Cl" : "Cl.Cm",
      vtm: "http://localhost/trustmark",
      [CORE_IDENTITY]: await coreIdentity(identityKeys, client, account, subject),
    }),
    extraParams: ["vtr"],
    backchannelLogout: true,
  };
}

function likePairwise() {
  return { algorithm: "RS256", subject: pairwise(""), announcesIss: true, hidden: [], claims: { openid: ["sub"] }, claimsOf: () => ({}) };
}

async function coreIdentity(keys, client, account, subject) {
  if (account.includes("unproved")) {
    return undefined;
  }
  const content = { vot: "P2", vc: { credentialSubject: { name: [{ nameParts: [{ value: "Ash" }] }] } } };
  return new SignJWT(content)
    .setProtectedHeader({ alg: "ES256", kid: keys.kid })
    .setIssuer(keys.issuer)
    .setSubject(subject)
    .setAudience(client.clientId)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(await importJWK(keys.private, "ES256"));
}

function signingKey(algorithm) {
  const pair = algorithm === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...pair.privateKey.export({ format: "jwk" }), use: "sig", kid: `${algorithm}-1` };
}

function providerLike({ like, port, clients, identityKeys }) {
  const ways = LIKENESSES[like](identityKeys);
  const provider = new Provider(`http://localhost:${port}`, {
    clients: clients.map((client) => ({ ...client, subject_type: "pairwise", id_token_signed_response_alg: ways.algorithm })),
    jwks: { keys: [signingKey(ways.algorithm)] },
    subjectTypes: ["pairwise"],
    pairwiseIdentifier: ways.subject,
    cookies: { keys: ["only for tests"] },
    responseTypes: ["code"],
    pkce: { required: () => true },
    scopes: ["openid"],
    claims: ways.claims,
    conformIdTokenClaims: false,
    extraParams: ways.extraParams || [],
    enabledJWA: { idTokenSigningAlgValues: [ways.algorithm] },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: CORE_IDENTITY in ways.claims },
      backchannelLogout: { enabled: Boolean(ways.backchannelLogout) },
      rpInitiatedLogout: { enabled: true },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: (ctx) => grantAll(provider, ctx),
    findAccount: (ctx, account) => ({
      accountId: account,
      claims: async () => {
        const { client } = ctx.oidc;
        return { sub: account, ...(await ways.claimsOf(client, account, ways.subject(ctx, account, client))) };
      },
    }),
  });
  provider.use((ctx, next) => inItsWays(provider, ways, identityKeys, ctx, next));
  return provider;
}

async function grantAll(provider, ctx) {
  const { client, session, params, claims } = ctx.oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope);
  grant.addOIDCClaims(Object.keys(claims?.userinfo || {}));
  await grant.save();
  return grant;
}

async function inItsWays(provider, ways, identityKeys, ctx, next) {
  if (ctx.path === "/did.json") {
    ctx.body = identityKeys.did;
    return;
  }
  if (ctx.path.startsWith("/interaction/")) {
    const { params } = await provider.interactionDetails(ctx.req, ctx.res);
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: params.login_hint } }));
    return;
  }
  await next();
  if (ctx.path.endsWith("/openid-configuration")) {
    const hidden = ways.announcesIss ? ways.hidden : [...ways.hidden, "authorization_response_iss_parameter_supported"];
    ctx.body = Object.fromEntries(Object.entries(ctx.body).filter(([name]) => !hidden.includes(name)));
  }
  const location = ctx.response.get("location");
  if (!ways.announcesIss && location?.includes("iss=")) {
    const onward = new URL(location);
    onward.searchParams.delete("iss");
    ctx.set("location", onward.href);
  }
}

const wanted = Object.values(JSON.parse(process.argv[2]));
await Promise.all(wanted.map((one) => new Promise((listening) => providerLike(one).listen(one.port, "127.0.0.1", listening))));
process.stdout.write("listening\n");
