/*
title_zh = "账户键"
title_en = "Accounts and their hex digits"
description_en = "Keys of the accounts that receive claims, as number and as the 16 hex digits in which hits name them."
audience = "intermediate"
grain = ["account_key"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "account_key"
type = "int"
unit = ""
zh = "账户键"
en = "keyed pseudonym of the account"

[[columns]]
name = "account_hex"
type = "text"
unit = ""
zh = "账户键（十六进制）"
en = "the same in 16 hex digits"
*/
WITH
account AS (
    SELECT DISTINCT account_key FROM claims WHERE account_key IS NOT NULL
)
SELECT account_key, key_hex(account_key) AS account_hex
FROM account
