ALTER TABLE `notebooks` ADD `kernels` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `notebooks_bin` ON `notebooks` (`deleted_at`) WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX `cells_bin` ON `cells` (`deleted_at`) WHERE deleted_at is not null;