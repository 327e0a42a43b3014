CREATE TABLE `files` (
	`id` text PRIMARY KEY NOT NULL,
	`notebook_id` text NOT NULL,
	`content` text NOT NULL,
	`name` text NOT NULL,
	`table_name` text NOT NULL,
	`format` text NOT NULL,
	`bytes` integer NOT NULL,
	`rows` integer NOT NULL,
	`columns` text NOT NULL,
	`uploaded_at` text NOT NULL,
	FOREIGN KEY (`notebook_id`) REFERENCES `notebooks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `files_table` ON `files` (`notebook_id`,`table_name`);--> statement-breakpoint
CREATE INDEX `files_content` ON `files` (`content`);