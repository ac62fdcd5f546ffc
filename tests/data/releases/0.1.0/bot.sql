BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0008_misses');
CREATE TABLE chats (
	chat VARCHAR(64) NOT NULL, 
	language VARCHAR(16) NOT NULL, 
	PRIMARY KEY (chat)
);
INSERT INTO "chats" VALUES('person-4e528325adaf9d2f42f22835d60c163c','kk');
INSERT INTO "chats" VALUES('chat-84c1a87636ff5853cce172295cab6d41','ru');
CREATE TABLE counts (
	day DATE NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	entry VARCHAR(128) NOT NULL, 
	n INTEGER NOT NULL, 
	PRIMARY KEY (day, kind, entry)
);
INSERT INTO "counts" VALUES('2026-11-29','asked','',3);
CREATE TABLE dismissed (
	mark VARCHAR(64) NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (mark)
);
INSERT INTO "dismissed" VALUES('set-aside',1795935600.0);
CREATE TABLE handled (
	bot INTEGER NOT NULL, 
	update_id INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (bot, update_id)
);
INSERT INTO "handled" VALUES(4242,700000,1795935600.0);
CREATE TABLE inbox (
	bot INTEGER NOT NULL, 
	update_id INTEGER NOT NULL, 
	lane VARCHAR(64) NOT NULL, 
	payload BLOB NOT NULL, 
	asked FLOAT NOT NULL, 
	tries INTEGER NOT NULL, 
	not_before FLOAT NOT NULL, owner VARCHAR(64) DEFAULT '' NOT NULL, 
	PRIMARY KEY (bot, update_id)
);
INSERT INTO "inbox" VALUES(4242,700001,'06b1f6c6f3f9565b04df926126f1e4be',X'6D6ADEA2F6AFC951400271C7057E6D12AA541BDBBFAD7ED709DAB103204D92AF376BC4D8DBD3E6904D7E47136F8D9BF0E3',1795935600.0,0,0.0,'a process that is no more');
CREATE TABLE lanes (
	bot INTEGER NOT NULL, 
	lane VARCHAR(64) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	lease_until FLOAT NOT NULL, 
	PRIMARY KEY (bot, lane)
);
INSERT INTO "lanes" VALUES(4242,'06b1f6c6f3f9565b04df926126f1e4be','a process that is no more',1795935605.0);
CREATE TABLE marks (
	owner VARCHAR(64) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	value VARCHAR(128) NOT NULL, 
	PRIMARY KEY (owner, kind)
);
INSERT INTO "marks" VALUES('person-4e528325adaf9d2f42f22835d60c163c','digest','on');
CREATE TABLE pulse (
	id INTEGER NOT NULL, 
	beat FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "pulse" VALUES(1,1795935600.0);
CREATE TABLE "questions" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	text TEXT NOT NULL, 
	lang VARCHAR(16) NOT NULL, 
	nearest VARCHAR(128), 
	asker VARCHAR(64) NOT NULL, 
	asked FLOAT NOT NULL, 
	kind VARCHAR(16) DEFAULT 'declined' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	reply VARCHAR(80)
);
INSERT INTO "questions" VALUES(1,'may the president be elected twice','en','presidential-term','person-4e528325adaf9d2f42f22835d60c163c',1795935600.0,'reported','the year is wrong','once-a4c8a96d8c8543128917875ecba59143');
CREATE TABLE votes (
	asker VARCHAR(64) NOT NULL, 
	message VARCHAR(64) NOT NULL, 
	entry VARCHAR(128) NOT NULL, 
	value INTEGER NOT NULL, 
	day DATE NOT NULL, 
	PRIMARY KEY (asker, message, entry)
);
INSERT INTO "votes" VALUES('person-4e528325adaf9d2f42f22835d60c163c','message-7e1fbf606d79e1ab674772df251fa707','presidential-term',1,'2026-11-29');
CREATE TABLE watches (
	asker VARCHAR(64) NOT NULL, 
	question VARCHAR(64) NOT NULL, 
	payload BLOB NOT NULL, 
	asked FLOAT NOT NULL, 
	PRIMARY KEY (asker, question)
);
INSERT INTO "watches" VALUES('person-4e528325adaf9d2f42f22835d60c163c','question-1',X'361D5A8E4313D7A46CEA664E03EAF04B5E1937BE9E6C8B91C5D546CD106C1883B532A2DA42EFB7365A7A8B93E60B979A2B7E461B6A2E923C20AC71324EF8',1795935600.0);
CREATE INDEX votes_by_day ON votes (day);
CREATE INDEX inbox_by_lane ON inbox (bot, lane, update_id);
CREATE INDEX handled_by_at ON handled (at);
CREATE INDEX questions_by_asked ON questions (asked);
CREATE INDEX questions_by_asker ON questions (asker);
CREATE UNIQUE INDEX questions_by_reply ON questions (reply);
CREATE INDEX watches_by_asked ON watches (asked);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('questions',1);
COMMIT;
