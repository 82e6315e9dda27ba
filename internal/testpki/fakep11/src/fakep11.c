/* A PKCS#11 module for tests: it forwards to SoftHSM2 and misbehaves as the
 * file beside it (its own path + ".conf") says. The file is read anew at each
 * call. It is never part of the program.
 *
 *   target=PATH           the real module
 *   log=PATH              a line for each call: its name, no arguments
 *   fail=NAME:N:RV        the N-th call of NAME returns RV (N = 0: each call)
 *   delay=NAME:MS         sleeps first
 *   hang=NAME             never returns
 *   crash=NAME            SIGSEGV
 *   print=NAME:TEXT       prints TEXT to standard output
 *   tries=PATH            a file with the tries left; the PIN flags follow it
 *   flags=N               token flags set besides
 *   clear=N               token flags taken away
 *   readonly=1            refuses read-write sessions; CKF_WRITE_PROTECTED
 *   serial=TEXT           another token in the slot
 *   sessions=N            no more than N sessions at once
 *   sizezero=1            length 0 to each size query
 *   pinpad=PIN            C_Login takes NULL only, and uses PIN
 *   always=1              CKA_ALWAYS_AUTHENTICATE, for real
 *   pin=PIN               what a context login must give (with always)
 *   mechs=N,N             shows only these mechanisms
 *   hidecerts=1           certificates show after a login only
 *   noid=1                private keys have no CKA_ID
 *   badsig=1              breaks each signature
 *   removed=N             pulled out after N signatures
 *   nolist=1              C_GetFunctionList fails
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ul;
typedef unsigned char u8;
typedef struct { ul type; void *value; ul len; } attr;
typedef struct { ul mech; void *param; ul len; } mechanism;
typedef struct { u8 major, minor; void *f[67]; } list;
typedef struct {
	u8 label[32], manufacturer[32], model[16], serial[16];
	ul flags, max_sessions, sessions, max_rw, rw, max_pin, min_pin, tpub, fpub, tpriv, fpriv;
	u8 hw[2], fw[2], utc[16];
} token_info;

enum { INITIALIZE = 0, FINALIZE = 1, GET_FUNCTION_LIST = 3, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6,
	GET_MECHANISM_LIST = 7, OPEN_SESSION = 12, CLOSE_SESSION = 13, CLOSE_ALL = 14, GET_SESSION_INFO = 15,
	LOGIN = 18, LOGOUT = 19, GET_ATTRIBUTE_VALUE = 24, FIND_INIT = 26, FIND = 27, FIND_FINAL = 28,
	SIGN_INIT = 42, SIGN = 43, NAMES = 44 };
static const char *names[NAMES] = { [INITIALIZE] = "C_Initialize", [FINALIZE] = "C_Finalize",
	[GET_SLOT_LIST] = "C_GetSlotList", [GET_TOKEN_INFO] = "C_GetTokenInfo",
	[GET_MECHANISM_LIST] = "C_GetMechanismList", [OPEN_SESSION] = "C_OpenSession",
	[CLOSE_SESSION] = "C_CloseSession", [CLOSE_ALL] = "C_CloseAllSessions",
	[GET_SESSION_INFO] = "C_GetSessionInfo", [LOGIN] = "C_Login", [LOGOUT] = "C_Logout",
	[GET_ATTRIBUTE_VALUE] = "C_GetAttributeValue", [FIND_INIT] = "C_FindObjectsInit",
	[FIND] = "C_FindObjects", [FIND_FINAL] = "C_FindObjectsFinal", [SIGN_INIT] = "C_SignInit", [SIGN] = "C_Sign" };

static list fake, *real;
static ul calls[NAMES], signatures, open_sessions, context_ok, logged_in;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* get finds the n-th value of a key in the control file. */
static int get_nth(const char *key, int n, char *out, size_t size) {
	Dl_info info;
	char path[4096], line[4096];
	size_t len = strlen(key);
	int found = 0;
	if (!dladdr(names, &info)) return 0;
	snprintf(path, sizeof path, "%s.conf", info.dli_fname);
	FILE *f = fopen(path, "r");
	if (!f) return 0;
	while (!found && fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = 0;
		if (!strncmp(line, key, len) && line[len] == '=' && n-- == 0) {
			snprintf(out, size, "%s", line + len + 1);
			found = 1;
		}
	}
	fclose(f);
	return found;
}

static int get(const char *key, char *out, size_t size) { return get_nth(key, 0, out, size); }

static ul number(const char *key) {
	char v[256];
	return get(key, v, sizeof v) ? strtoul(v, NULL, 0) : 0;
}

static void record(const char *what) {
	char path[4096];
	if (!get("log", path, sizeof path)) return;
	FILE *f = fopen(path, "a");
	if (!f) return;
	fprintf(f, "%s\n", what);
	fclose(f);
}

__attribute__((constructor)) static void loaded(void) { record("dlopen"); }

/* begin counts a call and does what the file says; 0: go on. */
static ul begin(int fn) {
	char v[1024];
	const char *name = names[fn];
	size_t len = strlen(name);
	pthread_mutex_lock(&lock);
	ul n = ++calls[fn];
	pthread_mutex_unlock(&lock);
	record(name);
	for (int i = 0; get_nth("delay", i, v, sizeof v); i++)
		if (!strncmp(v, name, len) && v[len] == ':') usleep(1000 * strtoul(v + len + 1, NULL, 10));
	for (int i = 0; get_nth("print", i, v, sizeof v); i++)
		if (!strncmp(v, name, len) && v[len] == ':') { printf("%s\n", v + len + 1); fflush(stdout); }
	for (int i = 0; get_nth("hang", i, v, sizeof v); i++)
		if (!strcmp(v, name)) for (;;) pause();
	for (int i = 0; get_nth("crash", i, v, sizeof v); i++)
		if (!strcmp(v, name)) { volatile int *p = NULL; *p = 1; }
	for (int i = 0; get_nth("fail", i, v, sizeof v); i++)
		if (!strncmp(v, name, len) && v[len] == ':') {
			char *rv;
			ul which = strtoul(v + len + 1, &rv, 0);
			if ((which == 0 || which == n) && *rv == ':') return strtoul(rv + 1, NULL, 0);
		}
	ul removed = number("removed");
	if (removed && signatures >= removed && fn != FINALIZE) return 0x32; /* CKR_DEVICE_REMOVED */
	return 0;
}

#define REAL(fn, ...) ((ul (*)(__VA_ARGS__))real->f[fn])
#define BEGIN(fn) do { ul rv_ = begin(fn); if (rv_) return rv_; } while (0)

static ul f_initialize(void *args) { BEGIN(INITIALIZE); return REAL(INITIALIZE, void *)(args); }
static ul f_finalize(void *r) {
	BEGIN(FINALIZE);
	open_sessions = logged_in = 0;
	return REAL(FINALIZE, void *)(r);
}
static ul f_get_slot_list(u8 present, ul *slots, ul *n) { BEGIN(GET_SLOT_LIST); return REAL(GET_SLOT_LIST, u8, ul *, ul *)(present, slots, n); }
static ul f_find_init(ul s, attr *t, ul n) {
	ul none = 0x7fffffff;
	attr hidden = { 0, &none, sizeof none };
	BEGIN(FIND_INIT);
	if (number("hidecerts") && !logged_in && n == 1 && t[0].type == 0 && *(ul *)t[0].value == 1) t = &hidden;
	return REAL(FIND_INIT, ul, attr *, ul)(s, t, n);
}
static ul f_find(ul s, ul *o, ul max, ul *n) { BEGIN(FIND); return REAL(FIND, ul, ul *, ul, ul *)(s, o, max, n); }
static ul f_find_final(ul s) { BEGIN(FIND_FINAL); return REAL(FIND_FINAL, ul)(s); }
static ul f_logout(ul s) { BEGIN(LOGOUT); return REAL(LOGOUT, ul)(s); }
static ul f_session_info(ul s, void *i) { BEGIN(GET_SESSION_INFO); return REAL(GET_SESSION_INFO, ul, void *)(s, i); }

static long tries_left(void) {
	char path[4096];
	long n = -1;
	if (!get("tries", path, sizeof path)) return -1;
	FILE *f = fopen(path, "r");
	if (f) { if (fscanf(f, "%ld", &n) != 1) n = -1; fclose(f); }
	return n;
}

static void set_tries(long n) {
	char path[4096];
	if (!get("tries", path, sizeof path)) return;
	FILE *f = fopen(path, "w");
	if (f) { fprintf(f, "%ld\n", n); fclose(f); }
}

static ul f_token_info(ul slot, token_info *t) {
	BEGIN(GET_TOKEN_INFO);
	ul rv = REAL(GET_TOKEN_INFO, ul, token_info *)(slot, t);
	char pin[64];
	if (rv) return rv;
	t->flags |= number("flags");
	t->flags &= ~number("clear");
	if (number("readonly")) { t->flags |= 0x2; }
	if (get("pinpad", pin, sizeof pin)) t->flags |= 0x100;
	if (get("serial", pin, sizeof pin)) memcpy(t->serial, pin, strlen(pin) < 16 ? strlen(pin) : 16);
	if (number("sessions")) t->max_sessions = t->max_rw = number("sessions");
	switch (tries_left()) {
	case 0: t->flags |= 0x40000; break;
	case 1: t->flags |= 0x20000 | 0x10000; break;
	case 2: t->flags |= 0x10000; break;
	}
	return 0;
}

static ul f_mechanisms(ul slot, ul *m, ul *n) {
	char v[1024];
	BEGIN(GET_MECHANISM_LIST);
	if (!get("mechs", v, sizeof v)) return REAL(GET_MECHANISM_LIST, ul, ul *, ul *)(slot, m, n);
	ul count = 0;
	for (char *p = v; *p; ) {
		ul mech = strtoul(p, &p, 0);
		if (m && count < *n) m[count] = mech;
		count++;
		while (*p == ',') p++;
	}
	*n = count;
	return 0;
}

static ul f_open(ul slot, ul flags, void *app, void *notify, ul *s) {
	BEGIN(OPEN_SESSION);
	if ((flags & 2) && number("readonly")) return 0xE2; /* CKR_TOKEN_WRITE_PROTECTED */
	ul limit = number("sessions");
	if (limit && open_sessions >= limit) return 0xB1; /* CKR_SESSION_COUNT */
	ul rv = REAL(OPEN_SESSION, ul, ul, void *, void *, ul *)(slot, flags, app, notify, s);
	if (!rv) open_sessions++;
	return rv;
}

static ul f_close(ul s) {
	BEGIN(CLOSE_SESSION);
	ul rv = REAL(CLOSE_SESSION, ul)(s);
	if (!rv && open_sessions) open_sessions--;
	return rv;
}

static ul f_close_all(ul slot) {
	BEGIN(CLOSE_ALL);
	open_sessions = 0;
	return REAL(CLOSE_ALL, ul)(slot);
}

static ul f_login(ul s, ul user, u8 *pin, ul len) {
	char pad[64], want[64];
	record(user == 2 ? "login:context" : user == 1 ? "login:user" : "login:so");
	BEGIN(LOGIN);
	if (get("pinpad", pad, sizeof pad)) {
		if (pin) return 0x07; /* CKR_ARGUMENTS_BAD */
		pin = (u8 *)pad;
		len = strlen(pad);
	}
	if (tries_left() == 0) return 0xA4; /* CKR_PIN_LOCKED */
	ul rv;
	if (user == 2) {
		rv = get("pin", want, sizeof want) && len == strlen(want) && !memcmp(pin, want, len) ? 0 : 0xA0;
		context_ok = rv == 0;
	} else {
		rv = REAL(LOGIN, ul, ul, u8 *, ul)(s, user, pin, len);
	}
	if (!rv) logged_in = 1;
	long left = tries_left();
	if (left > 0 && rv == 0xA0) set_tries(left - 1);
	if (left > 0 && rv == 0) set_tries(3);
	return rv;
}

static ul class_of(ul s, ul o) {
	ul class = 0;
	attr a = { 0, &class, sizeof class };
	REAL(GET_ATTRIBUTE_VALUE, ul, ul, attr *, ul)(s, o, &a, 1);
	return class;
}

static ul f_attributes(ul s, ul o, attr *a, ul n) {
	BEGIN(GET_ATTRIBUTE_VALUE);
	if (number("sizezero") && n > 0 && a[0].value == NULL) {
		for (ul i = 0; i < n; i++) a[i].len = 0;
		return 0;
	}
	ul rv = REAL(GET_ATTRIBUTE_VALUE, ul, ul, attr *, ul)(s, o, a, n);
	for (ul i = 0; i < n; i++) {
		if (a[i].type == 0x202 && number("always") && class_of(s, o) == 3 && a[i].value) { /* CKA_ALWAYS_AUTHENTICATE */
			*(u8 *)a[i].value = 1;
			a[i].len = 1;
			rv = 0;
		}
		if (a[i].type == 0x102 && number("noid") && class_of(s, o) == 3) a[i].len = 0; /* CKA_ID */
	}
	return rv;
}

static ul f_sign_init(ul s, mechanism *m, ul key) {
	BEGIN(SIGN_INIT);
	context_ok = 0;
	return REAL(SIGN_INIT, ul, mechanism *, ul)(s, m, key);
}

static ul f_sign(ul s, u8 *data, ul len, u8 *sig, ul *siglen) {
	record(sig ? "sign:real" : "sign:size");
	BEGIN(SIGN);
	if (number("always") && !context_ok) return 0x101; /* CKR_USER_NOT_LOGGED_IN */
	ul rv = REAL(SIGN, ul, u8 *, ul, u8 *, ul *)(s, data, len, sig, siglen);
	if (sig && !rv) {
		context_ok = 0;
		signatures++;
		if (number("badsig")) sig[*siglen / 2] ^= 1;
	}
	return rv;
}

static ul get_function_list(list **out);

static ul load(void) {
	char path[4096];
	if (!get("target", path, sizeof path)) return 0x05;
	void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!lib) return 0x05;
	ul (*gfl)(list **) = NULL;
	*(void **)&gfl = dlsym(lib, "C_GetFunctionList");
	if (!gfl || gfl(&real)) return 0x05;
	fake = *real;
	void *ours[NAMES] = { [INITIALIZE] = f_initialize, [FINALIZE] = f_finalize,
		[GET_FUNCTION_LIST] = get_function_list, [GET_SLOT_LIST] = f_get_slot_list,
		[GET_TOKEN_INFO] = f_token_info, [GET_MECHANISM_LIST] = f_mechanisms, [OPEN_SESSION] = f_open,
		[CLOSE_SESSION] = f_close, [CLOSE_ALL] = f_close_all, [GET_SESSION_INFO] = f_session_info,
		[LOGIN] = f_login, [LOGOUT] = f_logout, [GET_ATTRIBUTE_VALUE] = f_attributes,
		[FIND_INIT] = f_find_init, [FIND] = f_find, [FIND_FINAL] = f_find_final,
		[SIGN_INIT] = f_sign_init, [SIGN] = f_sign };
	for (int i = 0; i < NAMES; i++)
		if (ours[i]) fake.f[i] = ours[i];
	return 0;
}

static ul get_function_list(list **out) {
	pthread_mutex_lock(&lock);
	ul rv = number("nolist") ? 0x05 : real ? 0 : load();
	pthread_mutex_unlock(&lock);
	if (!rv) *out = &fake;
	return rv;
}

__attribute__((visibility("default"))) ul C_GetFunctionList(list **out) { return get_function_list(out); }
