/*
title_zh = "课件时长"
title_en = "Lengths of the learning items"
description_en = """
The courseware as far as the logs are held against it, so that a new title or update makes nothing else stale."""
audience = "intermediate"
grain = ["item_id"]
sources = ["notice 二（三）"]
policy = []

[[columns]]
name = "item_id"
type = "text"
unit = ""
zh = "课件编号"
en = "identifier of the learning item"

[[columns]]
name = "video_seconds"
type = "int"
unit = "seconds"
zh = "时长"
en = "length of the item"
*/
SELECT item_id, video_seconds FROM courseware
